"""Paramiko or AsyncSSH at a router, for the matrix of algorithms: prints a line
of JSON with the algorithms it has; then, for each line that it reads, it runs a
command, puts a file, fetches it, each in a connection of its own that changes
keys on the way, and prints what the command showed and what went wrong."""
import asyncio
import json
import sys
import traceback


def with_paramiko():
    import paramiko
    import scp

    def connect(v):
        transport = paramiko.Transport(("127.0.0.1", v["Port"]))
        transport.packetizer.REKEY_BYTES = v["Rekey"]
        options = transport.get_security_options()
        options.kex, options.key_types, options.ciphers = (v["Kex"],), (v["HostKey"],), (v["Cipher"],)
        if v["MAC"]:
            options.digests = (v["MAC"],)
        transport.connect(username="cisco", password="cisco")
        return transport

    def visit(v):
        with connect(v) as transport, transport.open_session() as channel:
            channel.exec_command(v["Command"])
            shown = channel.makefile().read().decode()
        with connect(v) as transport, scp.SCPClient(transport) as copier:
            copier.put(v["There"], v["Remote"])
        with connect(v) as transport, scp.SCPClient(transport) as copier:
            copier.get(v["Remote"], v["Back"])
        return shown

    t = paramiko.Transport
    return visit, t._kex_info, t._key_info, t._cipher_info, t._mac_info


def with_asyncssh():
    import asyncssh
    from asyncssh import encryption, kex, mac, public_key

    def connect(v):
        return asyncssh.connect(
            "127.0.0.1", v["Port"], username="cisco", password="cisco", known_hosts=None, client_keys=None, config=None,
            kex_algs=[v["Kex"]], server_host_key_algs=[v["HostKey"]], encryption_algs=[v["Cipher"]],
            mac_algs=[v["MAC"]] if v["MAC"] else (), rekey_bytes=v["Rekey"])

    async def go(v):
        async with connect(v) as c:
            shown = (await c.run(v["Command"])).stdout
        async with connect(v) as c:
            await asyncssh.scp(v["There"], (c, v["Remote"]))
        async with connect(v) as c:
            await asyncssh.scp((c, v["Remote"]), v["Back"])
        return shown

    tables = (kex.get_kex_algs(), public_key.get_public_key_algs(), encryption.get_encryption_algs(), mac.get_mac_algs())
    return lambda v: asyncio.run(go(v)), *([name.decode() for name in table] for table in tables)


visit, *tables = {"paramiko": with_paramiko, "asyncssh": with_asyncssh}[sys.argv[1]]()
print(json.dumps(dict(zip(("Kex", "HostKey", "Ciphers", "MACs"), map(list, tables)))), flush=True)
for line in sys.stdin:
    shown, problem = "", ""
    try:
        shown = visit(json.loads(line))
    except Exception:  # pylint: disable=broad-except
        problem = traceback.format_exc()
    print(json.dumps({"Shown": shown, "Problem": problem}), flush=True)
