"""Addresses of what hangs on a card and is written here. The card itself is `crm:card`."""

from django.urls import path, register_converter

from contacts.views import channels, edit, files, tags, timeline

register_converter(channels.SortConverter, "channels")

app_name = "contacts"
urlpatterns = [
    path("contacts/<uuid:pk>/edit/", edit.edit, name="edit"),
    path("contacts/<uuid:pk>/employers/", edit.employers, name="employers"),
    path("contacts/<uuid:pk>/timeline/", timeline.write, name="write"),
    path("contacts/<uuid:pk>/timeline/<uuid:entry>/", timeline.edit, name="entry"),
    path("contacts/<uuid:pk>/timeline/<uuid:entry>/remove/", timeline.remove, name="entry_remove"),
    path("contacts/<uuid:pk>/files/<uuid:file>/", files.download, name="file"),
    path("contacts/<uuid:pk>/files/<uuid:file>/remove/", files.remove, name="file_remove"),
    path("contacts/<uuid:pk>/tags/", tags.add, name="tag_add"),
    path("contacts/<uuid:pk>/tags/<int:tag>/", tags.put, name="tag_put"),
    path("contacts/<uuid:pk>/tags/<int:tag>/remove/", tags.remove, name="tag_remove"),
    path("contacts/<uuid:pk>/<channels:sort>/new/", channels.new, name="channel_new"),
    path("contacts/<uuid:pk>/<channels:sort>/<uuid:row>/", channels.edit, name="channel"),
    path("contacts/<uuid:pk>/<channels:sort>/<uuid:row>/remove/", channels.remove, name="channel_remove"),
]
