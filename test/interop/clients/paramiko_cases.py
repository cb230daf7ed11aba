"""Paramiko and scp.py against a router."""
import os

import paramiko
import scp

from cases import blob, case, contains, directory, flash, main, port


def connect(user="cisco", password="cisco", **more):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    more.setdefault("look_for_keys", False)
    client.connect("127.0.0.1", port, user, password, allow_agent=False, timeout=20, **more)
    return client


def read_until(channel, text):
    channel.settimeout(20)
    got = ""
    while text not in got:
        data = channel.recv(4096)
        assert data, "ended after %r" % got
        got += data.decode()
    return got


@case
def one_command():
    """one command shows its output and ends with status 0"""
    with connect() as client:
        _, out, _ = client.exec_command("show privilege")
        contains(out.read().decode(), "level is 15")
        assert out.channel.recv_exit_status() == 0


@case
def bad_command():
    """a command that does not exist is an invalid autocommand"""
    with connect() as client:
        _, out, _ = client.exec_command("show sth")
        contains(out.read().decode(), 'Line has invalid autocommand "show sth"')


@case
def shell():
    """a shell prompts, and takes the size of its terminal when that changes"""
    with connect() as client:
        channel = client.invoke_shell(width=132, height=40)
        read_until(channel, "R1#")
        channel.send("show terminal | include Length\r")
        contains(read_until(channel, "R1#"), "Length: 40 lines, Width: 132 columns")
        channel.resize_pty(width=99, height=21)
        channel.send("show terminal | include Length\r")
        contains(read_until(channel, "R1#"), "Length: 21 lines, Width: 99 columns")
        channel.send("exit\r")
        assert channel.recv_exit_status() == 0


@case
def paging():
    """show ip ssh, then --More--: a line, a page, and no more"""
    with connect() as client:
        channel = client.invoke_shell(width=132, height=40)
        read_until(channel, "R1#")
        channel.send("show ip ssh\r")
        contains(read_until(channel, "R1#"), "SSH Enabled - version ")
        channel.send("terminal length 10\r")
        read_until(channel, "R1#")
        channel.send("show running-config\r")
        for key in "\r q":
            read_until(channel, " --More-- ")
            channel.send(key)
        read_until(channel, "R1#")
        channel.send("exit\r")
        assert channel.recv_exit_status() == 0


@case
def interactive():
    """keyboard-interactive has one question, Password: """
    transport = paramiko.Transport(("127.0.0.1", port))
    asked = []

    def answer(title, instructions, prompts):
        asked.append((title, instructions, prompts))
        return ["cisco" for _ in prompts]

    transport.start_client(timeout=20)
    transport.auth_interactive("cisco", answer)
    assert transport.is_authenticated()
    transport.close()
    assert [a for a in asked if a[2]] == [("", "", [("Password: ", False)])], asked


@case
def public_key():
    """a key of the pubkey-chain logs in"""
    key = paramiko.RSAKey.from_private_key_file(os.environ["VTYLAB_KEY"])
    # Paramiko signs with SHA-2 unless the server says that it may not, which
    # devices do not: they refuse, and its users are told to write this.
    old = {"pubkeys": ["rsa-sha2-512", "rsa-sha2-256"]}
    with connect(password=None, pkey=key, disabled_algorithms=old) as client:
        _, out, _ = client.exec_command("show privilege")
        contains(out.read().decode(), "level is 15")


@case
def wrong_password():
    """a wrong password is refused"""
    try:
        connect(password="wrong")
    except paramiko.AuthenticationException:
        return
    raise AssertionError("it was not")


@case
def second_try():
    """a right password after a wrong one, on the same connection"""
    # Paramiko asks for the service again before it.
    transport = paramiko.Transport(("127.0.0.1", port))
    transport.start_client(timeout=20)
    try:
        transport.auth_password("cisco", "wrong")
    except paramiko.AuthenticationException:
        transport.auth_password("cisco", "cisco")
    assert transport.is_authenticated()
    transport.close()


@case
def methods():
    """the methods are those that a device tells who tries none"""
    transport = paramiko.Transport(("127.0.0.1", port))
    transport.start_client(timeout=20)
    try:
        transport.auth_none("cisco")
    except paramiko.BadAuthenticationType as e:
        assert e.allowed_types == ["publickey", "keyboard-interactive", "password"], e.allowed_types
        return
    finally:
        transport.close()
    raise AssertionError("none was enough")


@case
def second_channel():
    """a second session channel ends the connection"""
    with connect() as client:
        transport = client.get_transport()
        transport.open_session(timeout=20)
        try:
            transport.open_session(timeout=20)
        except (paramiko.SSHException, EOFError):
            transport.join(20)
            assert not transport.is_active()
            return
        raise AssertionError("it was opened")


@case
def forwarding():
    """a forwarded connection is an unknown channel type"""
    with connect() as client:
        try:
            client.get_transport().open_channel("direct-tcpip", ("127.0.0.1", 22), ("127.0.0.1", 1), timeout=20)
        except paramiko.ChannelException as e:
            assert e.code == 3, e
            return
        raise AssertionError("it was opened")


@case
def copy():
    """scp puts a file and fetches it, one connection each"""
    there, back = os.path.join(directory, "there.bin"), os.path.join(directory, "back.bin")
    with open(there, "wb") as f:
        f.write(blob(70001))
    with connect() as client, scp.SCPClient(client.get_transport()) as copier:
        copier.put(there, flash + "/there.bin")
    with connect() as client, scp.SCPClient(client.get_transport()) as copier:
        copier.get(flash + "/there.bin", back)
    with open(back, "rb") as f:
        assert f.read() == blob(70001)


@case
def denied():
    """a user of level 1 puts no file: Privilege denied."""
    with connect("guest", "guest") as client, scp.SCPClient(client.get_transport()) as copier:
        try:
            copier.put(__file__, flash)
        except scp.SCPException as e:
            contains(str(e), "Privilege denied.")
            return
        raise AssertionError("it was not")


main()
