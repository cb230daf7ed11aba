#!/usr/bin/env python3
"""Logs in with netmiko, runs commands, changes the configuration, saves it.

    vtylab run --config examples/ssh-server.cfg
    python3 examples/netmiko_show.py
"""
import sys

from netmiko import ConnectHandler

port = int(sys.argv[1]) if len(sys.argv) > 1 else 2222
device = ConnectHandler(
    device_type="cisco_ios",
    host="127.0.0.1",
    port=port,
    username="admin",
    password="cisco",
    secret="cisco",
)
print(device.find_prompt())
print(device.send_command("show ip ssh"))
print(device.send_config_set(["ip ssh time-out 60", "ip ssh authentication-retries 2"]))
print(device.send_command("show running-config | include ip ssh"))
print(device.save_config())
device.disconnect()
