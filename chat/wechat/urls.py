"""/cgi-bin/…, beside those of accounts."""

from django.urls import path

from chat.wechat import messages

app_name = "wechat-chat"
urlpatterns = [
    path("message/custom/send", messages.send, name="custom-send"),
    path("message/custom/typing", messages.typing, name="custom-typing"),
]
