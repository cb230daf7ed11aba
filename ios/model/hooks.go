package model

import "vtylab/config"

// hooks are those that passive.txt names.
var hooks = map[string]config.Hook{
	"certificate": dataHook("Enter the certificate in hexadecimal representation...."),
	"key":         dataHook("Enter a public key as a hexidecimal number ...."), // the spelling is the device's
}
