"""Channels: how messages leave the house: mail, WeCom, DingTalk, Feishu by Apprise, and a file for rehearsals."""
