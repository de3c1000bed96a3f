"""The request of a view behind the sign-in, for its annotation: somebody is signed in, so `user` is a User."""

from django.http import HttpRequest

from accounts.models import User


class SignedIn(HttpRequest):
    """Never made: LoginRequiredMiddleware lets no stranger through to a view that is annotated with it."""

    user: User
