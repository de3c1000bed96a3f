"""Addresses of what hangs on a card and is written here. The card itself is `crm:card`."""

from django.urls import path

from contacts.views import files, tags, timeline

app_name = "contacts"
urlpatterns = [
    path("contacts/<uuid:pk>/timeline/", timeline.write, name="write"),
    path("contacts/<uuid:pk>/timeline/<uuid:entry>/", timeline.edit, name="entry"),
    path("contacts/<uuid:pk>/timeline/<uuid:entry>/remove/", timeline.remove, name="entry_remove"),
    path("contacts/<uuid:pk>/files/<uuid:file>/", files.download, name="file"),
    path("contacts/<uuid:pk>/files/<uuid:file>/remove/", files.remove, name="file_remove"),
    path("contacts/<uuid:pk>/tags/", tags.add, name="tag_add"),
    path("contacts/<uuid:pk>/tags/<int:tag>/", tags.put, name="tag_put"),
    path("contacts/<uuid:pk>/tags/<int:tag>/remove/", tags.remove, name="tag_remove"),
]
