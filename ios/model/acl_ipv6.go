package model

// The lists of IPv6 have names only. What is printed in front of a number is also
// typed there; as the last words of an entry it is documented too.

var ipv6ACLRows = []row[Config]{
	{`ipv6 "Global IPv6 configuration commands" access-list "Configure access lists" WORD$acl "User selected string identifying this access list"`,
		namedACL(IPv6ACL, func(string) bool { return true })},
}

var ipv6ACLMode = aclMode(IPv6ACL, "IPv6 Access List configuration commands:",
	`sequence "Sequence number for this entry" <1-2147483647>$sequence "Sequence Number"`, ipv6Grammar)
