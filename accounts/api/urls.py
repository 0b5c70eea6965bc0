from django.urls import path

from accounts.api import access, business, contacts, me, official, people

app_name = "people-api"
_business = "business/<str:account_id>/"
urlpatterns = [
    path("me/", me.Me.as_view(), name="me"),
    path("me/handle/", me.Handle.as_view(), name="handle"),
    path("me/audiences/", me.Audiences.as_view(), name="audiences"),
    path("me/preferences/", me.Preferences.as_view(), name="preferences"),
    path("me/avatar/", me.Avatar.as_view(), name="avatar"),
    path("me/cover/", me.Cover.as_view(), name="cover"),
    path("people/lookup/", people.Lookup.as_view(), name="lookup"),
    path("people/<str:account_id>/", people.OnePerson.as_view(), name="person"),
    path("contacts/", contacts.Contacts.as_view(), name="contacts"),
    path("contacts/<str:account_id>/", contacts.OneContact.as_view(), name="contact"),
    path("tags/", contacts.Tags.as_view(), name="tags"),
    path("tags/<str:tag_id>/", contacts.OneTag.as_view(), name="tag"),
    path("tags/<str:tag_id>/members/", contacts.TagMembers.as_view(), name="tag-members"),
    path("friend-requests/", people.FriendRequests.as_view(), name="friend-requests"),
    path("friend-requests/seen/", people.Seen.as_view(), name="friend-requests-seen"),
    path("friend-requests/<str:request_id>/accept/", people.Accept.as_view(), name="accept"),
    path("friend-requests/<str:request_id>/ignore/", people.Ignore.as_view(), name="ignore"),
    path("blocks/", contacts.Blocks.as_view(), name="blocks"),
    path("blocks/<str:account_id>/", contacts.OneBlock.as_view(), name="block"),
    path("official/", official.Directory.as_view(), name="directory"),
    path("official/<str:account_id>/", official.OneOfficial.as_view(), name="official"),
    path("official/<str:account_id>/follow/", official.OneFollow.as_view(), name="follow"),
    path("official/<str:account_id>/press/", official.Press.as_view(), name="press"),
    path("follows/", official.Follows.as_view(), name="follows"),
    path("business/", business.Roles.as_view(), name="business"),
    path(f"{_business}followers/", business.Followers.as_view(), name="followers"),
    path(f"{_business}followers/<str:openid>/", business.OneFollower.as_view(), name="follower"),
    path(f"{_business}tags/", business.FollowerTags.as_view(), name="follower-tags"),
    path(f"{_business}tags/<int:number>/", business.OneFollowerTag.as_view(), name="follower-tag"),
    path(f"{_business}menu/", business.DraftMenu.as_view(), name="menu"),
    path(f"{_business}menu/publish/", business.PublishMenu.as_view(), name="menu-publish"),
    path(f"{_business}auto-replies/", business.AutoReplies.as_view(), name="auto-replies"),
    path(
        f"{_business}auto-replies/<str:reply_id>/",
        business.OneAutoReply.as_view(),
        name="auto-reply",
    ),
    path("sessions/", access.Sessions.as_view(), name="sessions"),
    path("sessions/<str:session_id>/", access.OneSession.as_view(), name="session"),
    path("tokens/", access.Tokens.as_view(), name="tokens"),
    path("tokens/<str:token_id>/", access.OneToken.as_view(), name="token"),
]
