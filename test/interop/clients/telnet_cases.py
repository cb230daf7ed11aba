"""Netmiko and the standard library's telnetlib against a router's Telnet."""
import telnetlib

from netmiko import ConnectHandler
from netmiko.ssh_exception import NetMikoAuthenticationException

from cases import case, contains, main, port


def connect(password="cisco"):
    return ConnectHandler(device_type="cisco_ios_telnet", host="127.0.0.1", port=port, username="cisco", password=password, secret="letmein")


@case
def netmiko_shows():
    """netmiko logs in, finds the prompt, and has long output whole"""
    r = connect()
    assert r.find_prompt() == "R1#", r.find_prompt()
    text = r.send_command("show running-config")
    contains(text, "hostname R1", "line vty 0 4", "end")
    assert "More" not in text, text
    contains(r.send_command("show users"), "*  2 vty 0     cisco      idle                 00:00:00 127.0.0.1")
    r.disconnect()


@case
def netmiko_configures():
    """netmiko configures and saves"""
    r = connect()
    text = r.send_config_set(["interface Loopback7", "description a link", "exit"])
    contains(text, "R1(config)#interface Loopback7", "R1(config-if)#description a link")
    contains(r.save_config(), "[OK]")
    contains(r.send_command("show startup-config | section Loopback7"), "description a link")
    r.disconnect()


@case
def netmiko_refused():
    """netmiko is told of a wrong password"""
    try:
        connect(password="wrong")
    except NetMikoAuthenticationException:
        return
    raise AssertionError("it was let in")


@case
def library():
    """telnetlib, which refuses every option"""
    t = telnetlib.Telnet("127.0.0.1", port, timeout=20)
    seen = t.read_until(b"Username: ", 20)
    assert seen == b"\r\n\r\nUser Access Verification\r\n\r\nUsername: ", seen
    t.write(b"cisco\r\n")
    t.read_until(b"Password: ", 20)
    t.write(b"cisco\r\n")
    t.read_until(b"R1#", 20)
    t.write(b"show privilege\r\n")
    seen = t.read_until(b"R1#", 20)
    assert seen == b"show privilege\r\nCurrent privilege level is 15\r\nR1#", seen
    t.write(b"exit\r\n")
    seen = t.read_all()
    assert seen.strip() == b"exit", seen


main()
