"""WeRoBot's own first example; nothing in it knows this product."""

import os

import werobot

robot = werobot.WeRoBot(token=os.environ["BOT_TOKEN"])


@robot.subscribe
def welcome(message):
    return "Welcome to the robot!"


@robot.text
def echo(message):
    return message.content


robot.config["HOST"], robot.config["PORT"] = "127.0.0.1", int(os.environ["BOT_PORT"])
robot.run()
