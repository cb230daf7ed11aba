"""Netmiko against an ASA."""
from netmiko import ConnectHandler
from netmiko.ssh_exception import NetMikoAuthenticationException

from cases import case, contains, main, port


def connect(user="cisco", password="cisco", secret="letmein", fast=True):
    return ConnectHandler(device_type="cisco_asa", host="127.0.0.1", port=port, username=user, password=password,
                          secret=secret, fast_cli=fast)


asa = connect()


@case
def prompt():
    """it logs in, becomes privileged, and finds the prompt"""
    assert asa.find_prompt() == "fw1#", asa.find_prompt()
    assert asa.check_enable_mode()


@case
def version():
    """show version comes whole, without traces of paging"""
    text = asa.send_command("show version")
    contains(text, "Cisco Adaptive Security Appliance Software Version 9.20(2)2", "fw1 up ", "Serial Number: ", "Configuration ")
    for trace in ("More", "\x08", "fw1#"):
        assert trace not in text, "%r in %r" % (trace, text)


@case
def complaint():
    """a command that does not exist answers with the caret"""
    contains(asa.send_command("show sth"), "^\nERROR: % Invalid input detected at '^' marker.")


@case
def configure():
    """a set of configuration commands is echoed, and is in force"""
    text = asa.send_config_set(["ssh timeout 30", "ssh 10.0.0.0 255.255.255.0 inside", "interface GigabitEthernet0/1", "nameif dmz", "security-level 50"])
    contains(text, "fw1(config)# ssh timeout 30\n", "fw1(config-if)# nameif dmz\n", "INFO: Security level for \"dmz\" set to 0 by default.\n")
    assert "ERROR" not in text, text
    contains(asa.send_command("show running-config ssh"), "ssh timeout 30\n", "ssh 127.0.0.0 255.0.0.0 management\n", "ssh 10.0.0.0 255.255.255.0 inside")
    contains(asa.send_command("show running-config | include dmz"), " nameif dmz")


@case
def save():
    """the configuration is saved"""
    contains(asa.save_config(), "Building configuration...\nCryptochecksum: ", " bytes copied in ", "[OK]")
    asa.disconnect()


@case
def login():
    """without an enable password it takes the login command"""
    own = connect(secret="", fast=False)  # the fast one does not wait for answers to login
    assert own.find_prompt() == "fw1#", own.find_prompt()
    contains(own.send_command("show curpriv"), "Username : cisco", "privilege level : 15")
    own.disconnect()


@case
def wrong_password():
    """a wrong password is refused"""
    try:
        connect(password="wrong")
    except NetMikoAuthenticationException:
        return
    raise AssertionError("it was not")


main()
