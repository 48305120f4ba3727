"""Who calls: sign-in by OpenID Connect, sessions, tokens for machines, roles from claims, and the access log."""
