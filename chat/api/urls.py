from django.urls import path

from chat.api import conversations, kept, messages

app_name = "chat-api"
_one = "conversations/<str:conversation_id>/"
urlpatterns = [
    path("conversations/", conversations.Conversations.as_view(), name="conversations"),
    path(_one, conversations.OneConversation.as_view(), name="conversation"),
    path(f"{_one}read/", conversations.Read.as_view(), name="read"),
    path(f"{_one}group/", conversations.Group.as_view(), name="group"),
    path(f"{_one}members/", conversations.Members.as_view(), name="members"),
    path(f"{_one}members/<str:account_id>/", conversations.OneMember.as_view(), name="member"),
    path(f"{_one}join-requests/", conversations.JoinRequests.as_view(), name="join-requests"),
    path(
        "join-requests/<str:join_id>/", conversations.OneJoinRequest.as_view(), name="join-request"
    ),
    path("invitations/", conversations.Invitations.as_view(), name="invitations"),
    path("invitations/<str:join_id>/", conversations.OneInvitation.as_view(), name="invitation"),
    path(f"{_one}messages/", messages.Messages.as_view(), name="messages"),
    path(f"{_one}messages/<int:seq>/", messages.OneMessage.as_view(), name="message"),
    path(f"{_one}messages/<int:seq>/hide/", messages.HideMessage.as_view(), name="hide"),
    path(f"{_one}messages/<int:seq>/reactions/", messages.Reactions.as_view(), name="reactions"),
    path(f"{_one}forward/", messages.Forward.as_view(), name="forward"),
    path("media/", messages.Media.as_view(), name="media"),
    path("media/<str:attachment_id>/", messages.OneMedia.as_view(), name="one-media"),
    path("search/messages/", messages.Search.as_view(), name="search"),
    path("favourites/", kept.Favourites.as_view(), name="favourites"),
    path("favourites/<str:favourite_id>/", kept.OneFavourite.as_view(), name="favourite"),
    path("scheduled/", kept.Scheduled.as_view(), name="scheduled"),
    path("scheduled/<str:scheduled_id>/", kept.OneScheduled.as_view(), name="one-scheduled"),
    path("reports/", kept.Reports.as_view(), name="reports"),
]
