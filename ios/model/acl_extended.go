package model

const extendedNumbers = `<100-199>$acl "IP extended access list" | <2000-2699>$acl "IP extended access list (expanded range)"`

var numberedExtendedRows = []row[Config]{
	{`access-list "Add an access list entry" {` + extendedNumbers + `} / {` + extendedGrammar + `}`, numberedACL(ExtendedACL)},
}

var namedExtendedRows = []row[Config]{
	{`ip access-list "Named access-list" extended "Extended Access List" {` + extendedNumbers + ` | WORD$acl "Access-list name"}`,
		namedACL(ExtendedACL, extendedNumber)},
}

var extendedMode = aclMode(ExtendedACL, "Extended Access List configuration commands:", `<1-2147483647>$sequence "Sequence Number"`, extendedGrammar)
