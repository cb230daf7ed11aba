#!/bin/sh
# Configures a device through its console and shows the result. The output is
# what a capture of the console would hold.
exec vtylab run --console stdio --ephemeral --ssh none <<'EOF'
enable
configure terminal
hostname R1
ip domain name example.com
crypto key generate rsa modulus 2048
username admin privilege 15 secret cisco
ip ssh version 2
line vty 0 4
login local
transport input ssh
end
show ip ssh
EOF
