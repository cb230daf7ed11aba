package ssh2

// seedTrace1 is the first sample of `debug ip ssh` in the Secure Shell
// Configuration Guide, without its time stamps; a line break lost in print
// ("type 2100:33:55:") is restored.
const seedTrace1 = `SSH1: sent protocol version id SSH-1.99-Cisco-1.25
SSH1: protocol version id is - SSH-2.0-OpenSSH_2.5.2p2
SSH2 1: send: len 280 (includes padlen 4)
SSH2 1: SSH2_MSG_KEXINIT sent
SSH2 1: ssh_receive: 536 bytes received
SSH2 1: input: packet len 632
SSH2 1: partial packet 8, need 624, maclen 0
SSH2 1: ssh_receive: 96 bytes received
SSH2 1: partial packet 8, need 624, maclen 0
SSH2 1: input: padlen 11
SSH2 1: received packet type 20
SSH2 1: SSH2_MSG_KEXINIT received
SSH2: kex: client->server aes128-cbc hmac-md5 none
SSH2: kex: server->client aes128-cbc hmac-md5 none
SSH2 1: expecting SSH2_MSG_KEXDH_INIT
SSH2 1: ssh_receive: 144 bytes received
SSH2 1: input: packet len 144
SSH2 1: partial packet 8, need 136, maclen 0
SSH2 1: input: padlen 5
SSH2 1: received packet type 30
SSH2 1: SSH2_MSG_KEXDH_INIT received
SSH2 1: signature length 111
SSH2 1: send: len 384 (includes padlen 7)
SSH2: kex_derive_keys complete
SSH2 1: send: len 16 (includes padlen 10)
SSH2 1: newkeys: mode 1
SSH2 1: SSH2_MSG_NEWKEYS sent
SSH2 1: waiting for SSH2_MSG_NEWKEYS
SSH2 1: ssh_receive: 16 bytes received
SSH2 1: input: packet len 16
SSH2 1: partial packet 8, need 8, maclen 0
SSH2 1: input: padlen 10
SSH2 1: newkeys: mode 0
SSH2 1: received packet type 21
SSH2 1: SSH2_MSG_NEWKEYS received
SSH2 1: ssh_receive: 48 bytes received
SSH2 1: input: packet len 32
SSH2 1: partial packet 16, need 16, maclen 16
SSH2 1: MAC #3 ok
SSH2 1: input: padlen 10
SSH2 1: received packet type 5
SSH2 1: send: len 32 (includes padlen 10)
SSH2 1: done calc MAC out #3
SSH2 1: ssh_receive: 64 bytes received
SSH2 1: input: packet len 48
SSH2 1: partial packet 16, need 32, maclen 16
SSH2 1: MAC #4 ok
SSH2 1: input: padlen 9
SSH2 1: received packet type 50
SSH2 1: send: len 32 (includes padlen 13)
SSH2 1: done calc MAC out #4
SSH2 1: ssh_receive: 160 bytes received
SSH2 1: input: packet len 64
SSH2 1: partial packet 16, need 48, maclen 16
SSH2 1: MAC #5 ok
SSH2 1: input: padlen 13
SSH2 1: received packet type 50
SSH2 1: send: len 16 (includes padlen 10)
SSH2 1: done calc MAC out #5
SSH2 1: authentication successful for lab
SSH2 1: input: packet len 64
SSH2 1: partial packet 16, need 48, maclen 16
SSH2 1: MAC #6 ok
SSH2 1: input: padlen 6
SSH2 1: received packet type 2
SSH2 1: ssh_receive: 64 bytes received
SSH2 1: input: packet len 48
SSH2 1: partial packet 16, need 32, maclen 16
SSH2 1: MAC #7 ok
SSH2 1: input: padlen 19
SSH2 1: received packet type 90
SSH2 1: channel open request
SSH2 1: send: len 32 (includes padlen 10)
SSH2 1: done calc MAC out #6
SSH2 1: ssh_receive: 192 bytes received
SSH2 1: input: packet len 64
SSH2 1: partial packet 16, need 48, maclen 16
SSH2 1: MAC #8 ok
SSH2 1: input: padlen 13
SSH2 1: received packet type 98
SSH2 1: pty-req request
SSH2 1: setting TTY - requested: height 24, width 80; set: height 24, width 80
SSH2 1: input: packet len 96
SSH2 1: partial packet 16, need 80, maclen 16
SSH2 1: MAC #9 ok
SSH2 1: input: padlen 11
SSH2 1: received packet type 98
SSH2 1: x11-req request
SSH2 1: ssh_receive: 48 bytes received
SSH2 1: input: packet len 32
SSH2 1: partial packet 16, need 16, maclen 16
SSH2 1: MAC #10 ok
SSH2 1: input: padlen 12
SSH2 1: received packet type 98
SSH2 1: shell request
SSH2 1: shell message received
SSH2 1: starting shell for vty
SSH2 1: send: len 48 (includes padlen 18)
SSH2 1: done calc MAC out #7
SSH2 1: ssh_receive: 48 bytes received
SSH2 1: input: packet len 32
SSH2 1: partial packet 16, need 16, maclen 16
SSH2 1: MAC #11 ok
SSH2 1: input: padlen 17
SSH2 1: received packet type 94
SSH2 1: send: len 32 (includes padlen 17)
SSH2 1: done calc MAC out #8
SSH2 1: ssh_receive: 48 bytes received
SSH2 1: input: packet len 32
SSH2 1: partial packet 16, need 16, maclen 16
SSH2 1: MAC #12 ok
SSH2 1: input: padlen 17
SSH2 1: received packet type 94
SSH2 1: send: len 32 (includes padlen 17)
SSH2 1: done calc MAC out #9
SSH2 1: ssh_receive: 48 bytes received
SSH2 1: input: packet len 32
SSH2 1: partial packet 16, need 16, maclen 16
SSH2 1: MAC #13 ok
SSH2 1: input: padlen 17
SSH2 1: received packet type 94
SSH2 1: send: len 32 (includes padlen 17)
SSH2 1: done calc MAC out #10
SSH2 1: ssh_receive: 48 bytes received
SSH2 1: input: packet len 32
SSH2 1: partial packet 16, need 16, maclen 16
SSH2 1: MAC #14 ok
SSH2 1: input: padlen 17
SSH2 1: received packet type 94
SSH2 1: send: len 32 (includes padlen 17)
SSH2 1: done calc MAC out #11
SSH2 1: ssh_receive: 48 bytes received
SSH2 1: input: packet len 32
SSH2 1: partial packet 16, need 16, maclen 16
SSH2 1: MAC #15 ok
SSH2 1: input: padlen 17
SSH2 1: received packet type 94
SSH2 1: send: len 32 (includes padlen 16)
SSH2 1: done calc MAC out #12
SSH2 1: send: len 48 (includes padlen 18)
SSH2 1: done calc MAC out #13
SSH2 1: send: len 16 (includes padlen 6)
SSH2 1: done calc MAC out #14
SSH2 1: send: len 16 (includes padlen 6)
SSH2 1: done calc MAC out #15
SSH1: Session terminated normally
`

// seedTrace3 is the sample of `debug ip ssh packet`.
const seedTrace3 = `SSH2 0: send:packet of length 280 (length also includes padlen of 4)
SSH2 0: ssh_receive: 64 bytes received
SSH2 0: input: total packet length of 280 bytes
SSH2 0: partial packet length(block size)8 bytes,needed 272 bytes, maclen 0
SSH2 0: ssh_receive: 64 bytes received
SSH2 0: partial packet length(block size)8 bytes,needed 272 bytes, maclen 0
SSH2 0: ssh_receive: 64 bytes received
SSH2 0: partial packet length(block size)8 bytes,needed 272 bytes, maclen 0
SSH2 0: ssh_receive: 64 bytes received
SSH2 0: partial packet length(block size)8 bytes,needed 272 bytes, maclen 0
SSH2 0: ssh_receive: 24 bytes received
SSH2 0: partial packet length(block size)8 bytes,needed 272 bytes, maclen 0
SSH2 0: input: padlength 4 bytes
SSH2 0: ssh_receive: 64 bytes received
SSH2 0: input: total packet length of 144 bytes
SSH2 0: partial packet length(block size)8 bytes,needed 136 bytes, maclen 0
SSH2 0: ssh_receive: 64 bytes received
SSH2 0: partial packet length(block size)8 bytes,needed 136 bytes, maclen 0
SSH2 0: ssh_receive: 16 bytes received
SSH2 0: partial packet length(block size)8 bytes,needed 136 bytes, maclen 0
SSH2 0: input: padlength 6 bytes
SSH2 0: signature length 143
SSH2 0: send:packet of length 448 (length also includes padlen of 7)
SSH2 0: send:packet of length 16 (length also includes padlen of 10)
SSH2 0: newkeys: mode 1
SSH2 0: ssh_receive: 16 bytes received
SSH2 0: input: total packet length of 16 bytes
SSH2 0: partial packet length(block size)8 bytes,needed 8 bytes, maclen 0
SSH2 0: input: padlength 10 bytes
SSH2 0: newkeys: mode 0
SSH2 0: ssh_receive: 52 bytes received
SSH2 0: input: total packet length of 32 bytes
SSH2 0: partial packet length(block size)16 bytes,needed 16 bytes, maclen 20
SSH2 0: MAC compared for #3 :ok
`
