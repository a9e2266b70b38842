"""Who signs a chip: a country signing authority (CSCA, P-384) and under it a document signer (DSC, P-256).

Made for demonstrations and rehearsals, named so in every certificate, and kept in a folder that only
its owner may read. Real cards are signed by the ministry, never here. Profile: ICAO Doc 9303 part 12.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# Fixed and wide: a rehearsal signs on days of its own, before the keys were made.
VALID_FROM = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)
SIGNS_UNTIL = dt.datetime(2045, 1, 1, tzinfo=dt.UTC)
VALID_TO = dt.datetime(2065, 1, 1, tzinfo=dt.UTC)
DOCUMENT_TYPES = x509.ObjectIdentifier("2.23.136.1.1.6.2")


@dataclass(frozen=True)
class Authority:
    """The two certificates and the key that signs chips."""

    csca: x509.Certificate
    signer: x509.Certificate
    signer_key: ec.EllipticCurvePrivateKey

    def csca_pem(self) -> bytes:
        """The root certificate, for whoever checks a chip."""
        return self.csca.public_bytes(serialization.Encoding.PEM)


def make() -> tuple[Authority, ec.EllipticCurvePrivateKey]:
    """A new authority, and the key of its root."""
    csca_key = ec.generate_private_key(ec.SECP384R1())
    signer_key = ec.generate_private_key(ec.SECP256R1())
    csca_name, signer_name = _name("Hoa Ban specimen CSCA"), _name("Hoa Ban specimen document signer")
    csca = (
        _profile(csca_name, csca_name, csca_key, csca_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(csca_key, hashes.SHA384())
    )
    signer = (
        _profile(signer_name, csca_name, signer_key, csca_key)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        # SEQUENCE { INTEGER 0, SET { PrintableString "ID" } }: signs cards whose zone begins with ID
        .add_extension(
            x509.UnrecognizedExtension(DOCUMENT_TYPES, bytes.fromhex("3009020100310413024944")),
            critical=False,
        )
        .sign(csca_key, hashes.SHA384())
    )
    return Authority(csca, signer, signer_key), csca_key


def stand_by(folder: Path) -> Authority:
    """The authority kept in `folder`, made there on first use; two who come at once get the same one."""
    if not (folder / "csca.pem").exists():
        _keep(folder, *make())
    key = serialization.load_pem_private_key((folder / "signer.key").read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the document signer's key isn't an elliptic curve key")
    return Authority(
        x509.load_pem_x509_certificate((folder / "csca.pem").read_bytes()),
        x509.load_pem_x509_certificate((folder / "signer.pem").read_bytes()),
        key,
    )


def _keep(folder: Path, authority: Authority, csca_key: ec.EllipticCurvePrivateKey) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=folder.name, dir=folder.parent))  # readable by its owner only
    for name, content in {
        "csca.key": _pem(csca_key),
        "signer.key": _pem(authority.signer_key),
        "signer.pem": authority.signer.public_bytes(serialization.Encoding.PEM),
        "csca.pem": authority.csca_pem(),
    }.items():
        (made / name).write_bytes(content)
    try:
        os.rename(made, folder)
    except OSError:  # somebody else was first
        shutil.rmtree(made)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Specimen, not a state authority"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _profile(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.CertificateBuilder:
    """What Doc 9303 part 12 asks of both certificates."""
    state = x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.LOCALITY_NAME, "VNM")]))
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_TO)
        .add_extension(x509.PrivateKeyUsagePeriod(VALID_FROM, SIGNS_UNTIL), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([state]), critical=False)
        .add_extension(x509.IssuerAlternativeName([state]), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
