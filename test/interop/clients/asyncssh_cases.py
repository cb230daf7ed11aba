"""AsyncSSH against a router."""
import asyncio
import os

import asyncssh

from cases import blob, case, contains, directory, flash, main, port


def connect():
    return asyncssh.connect(
        "127.0.0.1", port, username="cisco", password="cisco", known_hosts=None, client_keys=None, config=None,
        kex_algs="+diffie-hellman-group14-sha1", server_host_key_algs="+ssh-rsa",
        encryption_algs="+aes128-cbc", mac_algs="+hmac-sha1")


@case
def one_command():
    """one command shows its output and ends with status 0"""
    async def go():
        async with connect() as c:
            result = await c.run("show privilege")
            contains(result.stdout, "level is 15")
            assert result.exit_status == 0
    asyncio.run(go())


@case
def shell():
    """a shell runs what is typed"""
    async def go():
        async with connect() as c:
            process = await c.create_process(term_type="vt100", term_size=(100, 30))
            process.stdin.write("show terminal | include Length\rexit\r")
            contains(await process.stdout.read(), "R1#", "Length: 30 lines, Width: 100 columns", "R1#exit")
    asyncio.run(go())


@case
def paging():
    """show ip ssh, then --More--: a line, a page, and no more"""
    async def go():
        async with connect() as c:
            process = await c.create_process(term_type="vt100", term_size=(100, 30))
            process.stdin.write("terminal length 0\rshow ip ssh\rterminal length 10\rshow running-config\r\r qexit\r")
            out = await process.stdout.read()
            contains(out, "SSH Enabled - version ", "R1#exit")
            assert out.count(" --More-- ") == 3, out
    asyncio.run(go())


@case
def copy():
    """scp puts a file and fetches it"""
    there, back = os.path.join(directory, "there.bin"), os.path.join(directory, "back.bin")
    with open(there, "wb") as f:
        f.write(blob(70001))

    async def go():
        async with connect() as c:
            await asyncssh.scp(there, (c, flash + "/there.bin"))
        async with connect() as c:
            await asyncssh.scp((c, flash + "/there.bin"), back)
    asyncio.run(go())
    with open(back, "rb") as f:
        assert f.read() == blob(70001)


main()
