"""Addresses of the e-ID."""

from __future__ import annotations

from django.urls import path

from hoaban.eid import api
from hoaban.eid.pages import door, sharing, slips

app_name = "eid"
urlpatterns = [
    path("dinh-danh/kich-hoat", door.activate, name="activate"),
    path("dinh-danh/dang-nhap", door.sign_in, name="sign-in"),
    path("dinh-danh/dang-xuat", door.sign_out, name="sign-out"),
    path("dinh-danh/mat-khau", door.password, name="password"),
    path("dinh-danh/to-kich-hoat", slips.waiting, name="waiting"),
    path("dinh-danh/to-kich-hoat/<int:account_id>", slips.slip, name="slip"),
    path("dinh-danh/dong-y", sharing.consent, name="consent"),
    path("dinh-danh/da-dong-y", sharing.agreed, name="agreed"),
    path("dinh-danh/oidc/authorize", sharing.authorize, name="authorize"),
    path("dinh-danh/oidc/token", api.token, name="token"),
    path("dinh-danh/oidc/userinfo", api.userinfo, name="userinfo"),
    path("dinh-danh/oidc/jwks", api.jwks, name="jwks"),
    path(".well-known/openid-configuration", api.configuration, name="configuration"),
]
