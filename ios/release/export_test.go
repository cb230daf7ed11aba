package release

// For the tests of traces, which change releases and reach devices through the
// kit: that imports this package.
var (
	IOS155    = ios155
	IOSXE3SE  = iosxe3se
	IOSXE1715 = iosxe1715
	Dialect12 = dialect12
	DH        = dh
	CBC       = cbc
	HMACSHA   = hmacSHA
	HMACMD5   = hmacMD5
)
