"""Netmiko against a router."""
import os

from netmiko import ConnectHandler, file_transfer
from netmiko.ssh_exception import NetMikoAuthenticationException

from cases import blob, case, contains, directory, flash, main, port


def connect(user="cisco", password="cisco", **more):
    return ConnectHandler(device_type="cisco_ios", host="127.0.0.1", port=port, username=user, password=password,
                          secret="letmein", fast_cli=True, **more)


router = connect()


@case
def prompt():
    """it logs in and finds the prompt"""
    assert router.find_prompt() == "R1#"
    assert router.check_enable_mode()


@case
def long_output():
    """long output comes whole, without traces of paging"""
    text = router.send_command("show running-config")
    contains(text, "Building configuration...", "\nhostname R1\n", "\nline vty 0 4\n", "\nend")
    for trace in ("More", "\x08", "show running-config", "R1#"):
        assert trace not in text, "%r in %r" % (trace, text)


@case
def short_output():
    """a command that does not exist answers with the caret"""
    contains(router.send_command("show sth"), "^\n% Invalid input detected at '^' marker.")


@case
def configure():
    """a set of configuration commands is echoed, and is in force"""
    text = router.send_config_set(["ip ssh time-out 60", "banner motd ^C", "Hello", "^C", "line vty 0 4", "exec-timeout 7 0"])
    contains(text, "R1(config)#ip ssh time-out 60\n", "R1(config)#line vty 0 4\n", "R1(config-line)#end\n")
    assert "%" not in text, text
    contains(router.send_command("show running-config | include time-out|exec-timeout"), "ip ssh time-out 60\n", " exec-timeout 7 0")


@case
def save():
    """the configuration is saved"""
    contains(router.save_config(), "Building configuration...", "[OK]")
    contains(router.send_command("show startup-config"), "Using ", "ip ssh time-out 60")


@case
def copy():
    """file_transfer puts a file, verifies it, and fetches it"""
    there = os.path.join(directory, "there.bin")
    with open(there, "wb") as f:
        f.write(blob(30001))
    result = file_transfer(router, source_file=there, dest_file="there.bin", file_system=flash, direction="put")
    assert result == {"file_exists": True, "file_transferred": True, "file_verified": True}, result
    result = file_transfer(router, source_file=there, dest_file="there.bin", file_system=flash, direction="put")
    assert result == {"file_exists": True, "file_transferred": False, "file_verified": True}, result
    back = os.path.join(directory, "back.bin")
    result = file_transfer(router, source_file="there.bin", dest_file=back, file_system=flash, direction="get")
    assert result["file_transferred"] and result["file_verified"], result
    with open(back, "rb") as f:
        assert f.read() == blob(30001)
    router.disconnect()


@case
def enable():
    """a user of level 1 becomes privileged with the secret, and back"""
    guest = connect("guest", "guest")
    assert guest.find_prompt() == "R1>"
    guest.enable()
    assert guest.find_prompt() == "R1#"
    contains(guest.send_command("show privilege"), "level is 15")
    guest.exit_enable_mode()
    assert guest.find_prompt() == "R1>"
    guest.disconnect()


@case
def wrong_password():
    """a wrong password is refused"""
    try:
        connect(password="wrong")
    except NetMikoAuthenticationException:
        return
    raise AssertionError("it was not")


@case
def inline():
    """file_transfer puts a text through tclsh"""
    router = connect()
    there = os.path.join(directory, "inline.cfg")
    with open(there, "w") as f:
        f.write("hostname R1\ninterface Loopback3\n description \"of tcl\" $x [y]\n")
    done = file_transfer(router, source_file=there, dest_file="inline.cfg", file_system=flash, inline_transfer=True)
    assert done["file_exists"] and done["file_transferred"] and done["file_verified"], done
    contains(router.send_command("more %sinline.cfg" % flash), "interface Loopback3\n description \"of tcl\" $x [y]\n")


@case
def replace():
    """what NAPALM sends to load, compare, commit, roll back and discard a configuration"""
    router = connect()
    send = lambda line: router.send_command(line, expect_string=r"#")
    router.send_config_set(["file prompt quiet"])
    send("copy running-config %srollback_config.txt" % flash)
    candidate = router.send_command("more %srollback_config.txt" % flash).replace("ip ssh time-out 60", "ip ssh time-out 77")
    there = os.path.join(directory, "candidate_config.txt")
    with open(there, "w") as f:
        f.write(candidate + "\n")
    file_transfer(router, source_file=there, dest_file="candidate_config.txt", file_system=flash, overwrite_file=True)
    diff = router.send_command("show archive config differences system:/running-config %scandidate_config.txt" % flash)
    contains(diff, "!Contextual Config Diffs:", "+ip ssh time-out 77")
    contains(router.send_command("show archive config incremental-diffs %scandidate_config.txt ignorecase" % flash), "!List of Commands:", "ip ssh time-out 77", "end")
    done = send("configure replace %scandidate_config.txt force revert trigger error" % flash)
    contains(done, "Total number of passes: 1", "Rollback Done")
    contains(router.send_command("show running-config | include time-out"), "ip ssh time-out 77")
    contains(router.send_command("show archive config differences system:/running-config %scandidate_config.txt" % flash), "!No changes were found")
    contains(router.send_command("show archive config rollback timer"), "No Rollback Confirmed Change pending")
    done = send("configure replace %srollback_config.txt force" % flash)
    contains(done, "Rollback Done")
    assert "time-out 77" not in router.send_command("show running-config | include time-out")
    assert "?" not in send("copy running-config %scandidate_config.txt" % flash)
    contains(router.send_command("show archive config differences system:/running-config %scandidate_config.txt" % flash), "!No changes were found")
    assert "?" not in send("copy null: %scandidate_config.txt" % flash)


main()
