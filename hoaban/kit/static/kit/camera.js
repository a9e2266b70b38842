// The browser's camera puts a still into the form's file field. Without it the file field is there.
const view = document.getElementById("view");
const form = document.getElementById("photo");
navigator.mediaDevices?.getUserMedia({ video: { width: 1280, height: 960, facingMode: "user" } }).then((stream) => {
  view.srcObject = stream;
  document.getElementById("camera").hidden = false;
  document.getElementById("shoot").classList.add("primary");
  form.querySelector(".primary").classList.remove("primary");
}, () => {});
document.getElementById("shoot").addEventListener("click", () => {
  const still = document.createElement("canvas");
  still.width = view.videoWidth;
  still.height = view.videoHeight;
  still.getContext("2d").drawImage(view, 0, 0);
  still.toBlob((picture) => {
    const files = new DataTransfer();
    files.items.add(new File([picture], "camera.jpg", { type: "image/jpeg" }));
    form.elements.picture.files = files.files;
    form.elements.source.value = "camera";
    form.submit();
  }, "image/jpeg", 0.92);
});
