package asa

import "vtylab/asa/model"

// asa920 is 9.20(2)2 as an ASAv, of which there is a configuration (asa-ssh-scp 2.1).
var asa920 = model.Release{
	Name:        "asa-9.20",
	Summary:     "Cisco ASA 9.20(2)2 (ASAv): CiscoSSH, SSH 2.0, admitted by its ssh lines",
	Version:     "9.20(2)2",
	Hardware:    "ASAv, 2048 MB RAM, CPU Xeon E5 series 2200 MHz",
	Serial:      "9A1DCD0FHKM", // made up
	Interfaces:  []string{"GigabitEthernet0/0", "GigabitEthernet0/1", "GigabitEthernet0/2", "GigabitEthernet0/3", "Management0/0"},
	ShowVersion: version920,
	// No capture has the line of CiscoSSH on an ASA (asa-ssh-scp 4.2).
	Software: "OpenSSH_8.8",
}

// version920 is laid out as a 9.12(2) ASAv prints it; the versions beside ASA's and
// the addresses are made up.
const version920 = `
Cisco Adaptive Security Appliance Software Version 9.20(2)2 
SSP Operating System Version 2.14(1.131)
Device Manager Version 7.20(2)

Compiled on Tue 28-Nov-23 14:37 GMT by builders
System image file is "boot:/asa9-20-2-2-smp-k8.bin"
Config file at boot was "startup-config"

{hostname} up {uptime}

Hardware:   ASAv, 2048 MB RAM, CPU Xeon E5 series 2200 MHz,
Model Id:   ASAv10
Internal ATA Compact Flash, 8192MB
Slot 1: ATA Compact Flash, 8192MB
BIOS Flash Firmware Hub @ 0x0, 0KB


 0: Ext: Management0/0       : address is 5254.0009.20a0, irq 10
 1: Ext: GigabitEthernet0/0  : address is 5254.0009.20a1, irq 11
 2: Ext: GigabitEthernet0/1  : address is 5254.0009.20a2, irq 11
 3: Ext: GigabitEthernet0/2  : address is 5254.0009.20a3, irq 10
 4: Ext: GigabitEthernet0/3  : address is 5254.0009.20a4, irq 10

License mode: Smart Licensing
ASAv Platform License State: Unlicensed
No active entitlement: no feature tier and no throughput level configured

Licensed features for this platform:
Maximum VLANs                     : 50             
Inside Hosts                      : Unlimited      
Failover                          : Active/Standby 
Encryption-DES                    : Enabled        
Encryption-3DES-AES               : Enabled        
Security Contexts                 : 0              
Carrier                           : Disabled       
AnyConnect Premium Peers          : 2              
AnyConnect Essentials             : Disabled       
Other VPN Peers                   : 250            
Total VPN Peers                   : 250            
AnyConnect for Mobile             : Disabled       
AnyConnect for Cisco VPN Phone    : Disabled       
Advanced Endpoint Assessment      : Disabled       
Shared License                    : Disabled       
Total TLS Proxy Sessions          : 2              
Botnet Traffic Filter             : Enabled        
Cluster                           : Disabled       

Serial Number: {serial}

Image type          : Release
Key version         : A

{modified}
`
