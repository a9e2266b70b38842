"""The OpenID provider as a relying party and a citizen's browser meet it, and what it refuses."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet
from pytest_django import Settings

from hoaban.audit import queries as audit
from hoaban.base.clock import now
from hoaban.base.errors import NotFound
from hoaban.eid import actions, queries, rules
from hoaban.eid.models import AccessToken, AuthorizationCode, Consent
from hoaban.people import actions as people
from hoaban.web.actor import acting_as
from tests import make
from tests.cards import world as cards
from tests.eid import world

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def party() -> world.Party:
    return world.party()


def claims_of(client: Client, id_token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(client.get("/dinh-danh/oidc/jwks").json())
    return jwt.decode(id_token, keys, algorithms=["ES256"]).claims


def facts(client: Client, token: str) -> Any:
    return client.get(world.USERINFO, headers={"Authorization": f"Bearer {token}"})


def test_the_configuration_names_what_is_there(client: Client) -> None:
    told = client.get("/.well-known/openid-configuration").json()

    assert told["issuer"] == "http://localhost"
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        assert client.get(told[name].removeprefix("http://localhost")).status_code in (200, 400, 401, 405)
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["subject_types_supported"] == ["pairwise"]


def test_a_citizen_is_asked_agrees_and_is_known(client: Client, party: world.Party) -> None:
    woman = cards.holder()
    account = world.signed_in(client, woman)

    asked = client.get(f"{world.ASK}?{party.request()}")
    assert asked["Location"].startswith(world.AGREE)
    came_back = world.returned(client.post(asked["Location"], {"yes": "1", "number": "on"}))
    given = party.redeem(client, came_back["code"]).json()

    assert (came_back["state"], came_back["iss"]) == ("s1", "http://localhost")
    claims = claims_of(client, given["id_token"])
    assert (claims["iss"], claims["aud"]) == ("http://localhost", [party.client.client_id])
    assert (claims["nonce"], claims["acr"], claims["amr"]) == ("n1", "urn:hoaban:loa:2", ["pwd"])
    assert abs(claims["auth_time"] - now().timestamp()) < 60
    assert "name" not in claims
    told = facts(client, given["access_token"]).json()
    assert told == {
        "sub": claims["sub"], "name": woman.full_name, "birthdate": "1985", "id_number": woman.number,
    }  # fmt: skip
    assert given["expires_in"] == 600
    assert "refresh_token" not in given
    [shared] = audit.touching(woman.pk).filter(action="eid.shared")
    assert shared.facts["claims"] == ["sub", "name", "birthdate", "id_number"]
    assert (shared.actor_kind, shared.actor_name) == ("agency", "Bank")
    assert [one.client for one in queries.consents_of(account.pk)] == [party.client]


def test_the_number_goes_out_only_with_a_tick(client: Client, party: world.Party) -> None:
    world.signed_in(client, cards.holder())

    given = party.redeem(client, world.agreed(client, party)).json()

    assert given["scope"] == "openid profile"
    assert set(facts(client, given["access_token"]).json()) == {"sub", "name", "birthdate"}


def test_a_no_shares_nothing(client: Client, party: world.Party) -> None:
    world.signed_in(client, cards.holder())

    came_back = world.returned(client.post(f"{world.AGREE}?{party.request()}", {"no": "1"}))

    assert (came_back["error"], came_back["state"], came_back["iss"]) == ("access_denied", "s1", "http://localhost")
    assert not Consent.objects.exists()
    assert not AuthorizationCode.objects.exists()


def test_who_agreed_before_is_not_asked_again_unless_it_is_more(client: Client, party: world.Party) -> None:
    world.signed_in(client, cards.holder())
    world.agreed(client, party, scope="openid profile")

    same = client.get(f"{world.ASK}?{party.request(scope='openid profile', nonce='n2', prompt='none')}")
    more = client.get(f"{world.ASK}?{party.request(nonce='n3')}")
    again = client.get(f"{world.ASK}?{party.request(scope='openid profile', nonce='n4', prompt='consent')}")
    silent = client.get(f"{world.ASK}?{party.request(nonce='n5', prompt='none')}")

    assert party.redeem(client, world.returned(same)["code"]).status_code == 200
    assert more["Location"].startswith(world.AGREE)
    assert again["Location"].startswith(world.AGREE)
    assert world.returned(silent)["error"] == "consent_required"


def test_who_is_not_signed_in_signs_in_first_and_comes_back(client: Client, party: world.Party) -> None:
    woman = cards.holder()
    world.active(woman)

    to_sign_in = client.get(f"{world.ASK}?{party.request()}")
    silent = client.get(f"{world.ASK}?{party.request(prompt='none')}")
    back = client.post(to_sign_in["Location"], {"number": woman.number, "password": world.PASSWORD})

    assert to_sign_in["Location"].startswith("/dinh-danh/dang-nhap?next=")
    assert world.returned(silent)["error"] == "login_required"
    assert client.get(back["Location"])["Location"].startswith(world.AGREE)


@pytest.mark.parametrize("demand", [{"prompt": "login"}, {"max_age": "0"}, {"prompt": "select_account"}])
def test_a_fresh_sign_in_is_asked_for_once(client: Client, party: world.Party, demand: dict[str, str]) -> None:
    woman = cards.holder()
    world.signed_in(client, woman)
    session = client.session
    session["citizen_signed_in_at"] -= 100
    session.save()

    to_sign_in = client.get(f"{world.ASK}?{party.request(**demand)}")["Location"]
    back = client.post(to_sign_in, {"number": woman.number, "password": world.PASSWORD})["Location"]

    assert to_sign_in.startswith("/dinh-danh/dang-nhap")
    assert client.get(back)["Location"].startswith(world.AGREE)


def test_a_request_sent_as_a_form_is_taken_too(client: Client, party: world.Party) -> None:
    world.signed_in(client, cards.holder())

    answer = client.post(world.ASK, party.request(), content_type="application/x-www-form-urlencoded", follow=True)

    assert answer.redirect_chain[-1][0].startswith(world.AGREE)
    assert "Bank asks who you are" in answer.content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": world.BACK + "/"},
        {"redirect_uri": world.BACK + "?x=1"},
        {"redirect_uri": None},
        {"client_id": "hb-nobody"},
        {"client_id": None},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_the_one(
    client: Client, party: world.Party, change: dict[str, str | None]
) -> None:
    world.signed_in(client, cards.holder())

    for door in (world.ASK, world.AGREE):
        answer = client.get(f"{door}?{party.request(**change)}")
        assert answer.status_code == 400
        assert "They must mend it" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token token"}, "unsupported_response_type"),
        ({"nonce": "n" * 301}, "invalid_request"),
    ],
)
def test_a_request_not_in_order_goes_back_with_its_error(
    client: Client, party: world.Party, change: dict[str, str | None], error: str
) -> None:
    world.signed_in(client, cards.holder())

    came_back = world.returned(client.get(f"{world.ASK}?{party.request(**change)}"))

    assert (came_back["error"], came_back["state"], came_back["iss"]) == (error, "s1", "http://localhost")


def test_a_code_is_good_once_and_a_second_use_ends_what_it_gave(client: Client, party: world.Party) -> None:
    woman = cards.holder()
    world.signed_in(client, woman)
    code = world.agreed(client, party)
    token = party.redeem(client, code).json()["access_token"]

    again = party.redeem(client, code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert facts(client, token).status_code == 401
    assert audit.touching(woman.pk).filter(action="eid.token_revoked").count() == 1


def test_the_action_itself_gives_one_token_for_a_code(client: Client, party: world.Party) -> None:
    world.signed_in(client, cards.holder())
    world.agreed(client, party)
    code = AuthorizationCode.objects.get()
    actions.exchange(code=code, token="one", by=make.MAKER, at=now())

    with pytest.raises(rules.CodeUsed):
        actions.exchange(code=code, token="two", by=make.MAKER, at=now())

    assert AccessToken.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"code_verifier": "another-verifier-of-43-letters-and-digits-012345678"}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_request"),
        ({"redirect_uri": "https://bank.example/other"}, 400, "invalid_grant"),
        ({"redirect_uri": None}, 400, "invalid_grant"),
        ({"code": "nothing"}, 400, "invalid_grant"),
        ({"code": None}, 400, "invalid_request"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "hb-nobody"}, 400, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_code_is_redeemed_only_as_it_was_asked_for(
    client: Client, party: world.Party, change: dict[str, str | None], status: int, error: str
) -> None:
    world.signed_in(client, cards.holder())
    code = world.agreed(client, party)

    answer = party.redeem(client, code, **change)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert not AccessToken.objects.exists()
    assert "no-store" in answer["Cache-Control"]


def test_another_relying_party_gets_nothing_for_the_code(client: Client, party: world.Party) -> None:
    world.signed_in(client, cards.holder())
    code = world.agreed(client, party)

    assert world.party("Thief", redirect=world.BACK).redeem(client, code).json()["error"] == "invalid_grant"
    assert party.redeem(client, code).status_code == 200


def test_an_old_code_is_worth_nothing(client: Client, party: world.Party) -> None:
    world.signed_in(client, cards.holder())
    code = world.agreed(client, party)
    AuthorizationCode.objects.update(expires_at=now() - dt.timedelta(seconds=1))

    assert party.redeem(client, code).json()["error"] == "invalid_grant"


def test_a_secret_may_come_in_the_header(client: Client, party: world.Party) -> None:
    world.signed_in(client, cards.holder())
    code = world.agreed(client, party)
    pair = base64.b64encode(f"{party.client.client_id}:{party.secret}".encode()).decode()

    said = {"grant_type": "authorization_code", "code": code, "redirect_uri": world.BACK}
    answer = client.post(
        world.TOKEN, said | {"code_verifier": world.VERIFIER}, headers={"Authorization": f"Basic {pair}"}
    )

    assert answer.status_code == 200


def test_an_app_without_a_secret_proves_itself_by_its_verifier(client: Client) -> None:
    party = world.party("App", public=True)
    world.signed_in(client, cards.holder())
    code = world.agreed(client, party)

    assert party.redeem(client, code, code_verifier=None).status_code == 400
    assert party.redeem(client, code).status_code == 200


def test_a_code_under_way_is_worth_nothing_once_the_consent_is_taken_back(client: Client, party: world.Party) -> None:
    account = world.signed_in(client, cards.holder())
    code = world.agreed(client, party)
    citizen = queries.citizen_actor(account.pk)

    for _again in range(2):
        actions.withdraw_consent(consent_id=Consent.objects.get().pk, by=citizen, at=now())

    assert party.redeem(client, code).json()["error"] == "invalid_grant"


def test_a_nonce_is_taken_once(client: Client, party: world.Party) -> None:
    world.signed_in(client, cards.holder())
    world.agreed(client, party)

    assert world.returned(client.get(f"{world.ASK}?{party.request()}"))["error"] == "invalid_request"


def test_two_relying_parties_know_a_person_under_different_codes(client: Client) -> None:
    world.signed_in(client, cards.holder())
    bank = world.party()
    same_house = world.party("Bank's other site")
    other = world.party("Hospital", redirect="https://hospital.example/back")

    def sub(party: world.Party) -> str:
        back = party.client.redirects[0]
        code = world.agreed(client, party, redirect_uri=back)
        token = party.redeem(client, code, redirect_uri=back).json()["access_token"]
        return str(facts(client, token).json()["sub"])

    assert sub(bank) == sub(same_house) != sub(other)


def test_a_token_ends_with_its_time_the_consent_the_account_and_the_relying_party(
    client: Client, party: world.Party
) -> None:
    account = world.signed_in(client, cards.holder())
    citizen = queries.citizen_actor(account.pk)
    officer = cards.actor("commune_officer")
    numbers = iter(range(100))

    def token() -> str:
        code = world.agreed(client, party, nonce=str(next(numbers)))
        return str(party.redeem(client, code).json()["access_token"])

    ended = [token()]
    AccessToken.objects.update(expires_at=now())
    assert facts(client, ended[0]).status_code == 401
    ended.append(token())
    with acting_as(citizen):
        actions.withdraw_consent(consent_id=queries.consents_of(account.pk)[0].pk, by=citizen, at=now())
    assert facts(client, ended[1]).status_code == 401
    ended.append(token())
    with acting_as(officer):
        actions.lock(account_id=account.pk, reason="card lost", by=officer, at=now())
        actions.unlock(account_id=account.pk, by=officer, at=now())
    assert facts(client, ended[2]).status_code == 401
    client.post("/dinh-danh/dang-nhap", {"number": cards.NUMBER, "password": world.PASSWORD})
    ended.append(token())
    actions.withdraw_client(client_id=party.client.client_id, by=make.MAKER, at=now())

    assert [facts(client, one).status_code for one in ended] == [401] * 4
    assert client.get(f"{world.ASK}?{party.request()}").status_code == 400


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nothing", "Basic abc", "Bearer \u00e9"])
def test_facts_are_told_to_no_stranger(client: Client, header: str) -> None:
    answer = client.get(world.USERINFO, headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_facts_are_told_as_the_register_has_them_now(client: Client, party: world.Party) -> None:
    woman = cards.holder()
    world.signed_in(client, woman)
    token = party.redeem(client, world.agreed(client, party)).json()["access_token"]

    people.correct(person_id=woman.pk, changes={"born": "1985-03-07"}, source="finding:1", by=make.MAKER, at=now())

    assert facts(client, token).json()["birthdate"] == "1985-03-07"


def test_consents_and_codes_are_walled_to_the_citizen(client: Client, party: world.Party) -> None:
    account = world.signed_in(client, cards.holder())
    party.redeem(client, world.agreed(client, party))
    other = world.active(cards.holder("011190005678"))

    for stranger in (cards.actor("commune_officer"), queries.citizen_actor(other.pk)):
        with acting_as(stranger):
            assert not Consent.objects.exists()
            assert not AuthorizationCode.objects.exists()
            assert not AccessToken.objects.exists()
    with acting_as(queries.citizen_actor(account.pk)):
        assert (Consent.objects.count(), AuthorizationCode.objects.count(), AccessToken.objects.count()) == (1, 1, 1)


def test_another_citizen_can_not_agree_or_take_back_for_her(client: Client, party: world.Party) -> None:
    account = world.signed_in(client, cards.holder())
    world.agreed(client, party)
    other = queries.citizen_actor(world.active(cards.holder("011190005678")).pk)
    consent = Consent.objects.get()

    with pytest.raises(rules.NotTheirs):
        actions.authorise(
            account_id=account.pk, client=party.client, redirect_uri=world.BACK, scopes=[rules.Scope.OPENID], nonce="",
            code="c", code_challenge="x", signed_in_at=now(), by=other, at=now(),
        )  # fmt: skip
    with pytest.raises(rules.NotTheirs):
        actions.withdraw_consent(consent_id=consent.pk, by=other, at=now())
    with acting_as(other), pytest.raises(NotFound):
        actions.withdraw_consent(consent_id=consent.pk, by=other, at=now())


def test_tokens_signed_before_a_change_of_keys_still_verify(client: Client, party: world.Party) -> None:
    world.signed_in(client, cards.holder())
    before = party.redeem(client, world.agreed(client, party)).json()["id_token"]

    actions.add_key(by=make.MAKER, at=now())
    after = party.redeem(client, world.agreed(client, party, nonce="n2")).json()["id_token"]

    assert claims_of(client, before)["sub"] == claims_of(client, after)["sub"]
    kids = {json.loads(base64.urlsafe_b64decode(one.split(".")[0] + "=="))["kid"] for one in (before, after)}
    assert len(kids) == 2


def test_keys_are_readable_by_their_owner_alone(client: Client, settings: Settings) -> None:
    published = client.get("/dinh-danh/oidc/jwks").json()["keys"]

    assert all("d" not in key and key["crv"] == "P-256" for key in published)
    files = list((settings.HOABAN_KEYS / "eid").iterdir())
    assert len(files) == 2
    assert all(one.stat().st_mode & 0o077 == 0 for one in [settings.HOABAN_KEYS / "eid", *files])


def test_over_a_plain_line_the_provider_says_nothing(party: world.Party) -> None:
    answer = Client(SERVER_NAME="testserver").post(world.TOKEN, {"grant_type": "authorization_code", "code": "x"})

    assert (answer.status_code, answer.json()["error"]) == (400, "insecure_transport")


def test_a_relying_party_is_admitted_once(party: world.Party) -> None:
    with pytest.raises(rules.ClientKnown):
        world.party()
    with pytest.raises(rules.BadRedirect):
        world.party("Other", redirect="http://other.example/")
