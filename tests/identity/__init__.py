"""Tests of signing in, against a provider that speaks OpenID Connect over HTTP."""
