"""Addresses of tasks. Those about one contact hang below its card."""

from django.urls import path

from tasks.views import lists, on_card

app_name = "tasks"
urlpatterns = [
    path("tasks/", lists.tasks, name="list"),
    path("tasks/new/", lists.new, name="new"),
    path("tasks/<uuid:pk>/snooze/", lists.snooze, name="snooze"),
    path("tasks/<uuid:pk>/assign/", lists.assign, name="assign"),
    path("contacts/<uuid:pk>/tasks/new/", on_card.new, name="new_on_card"),
    path("tasks/<uuid:pk>/done/", on_card.done, name="done"),
    path("tasks/<uuid:pk>/reopen/", on_card.reopen, name="reopen"),
]
