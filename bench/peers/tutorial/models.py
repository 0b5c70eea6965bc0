from django.db import models


class Conversation(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Member(models.Model):
    conversation = models.ForeignKey(Conversation, models.CASCADE)
    user = models.IntegerField(db_index=True)


class Message(models.Model):
    conversation = models.ForeignKey(Conversation, models.CASCADE)
    sender = models.IntegerField()
    body = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
