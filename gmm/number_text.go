package gmm

import "strings"

// The texts of numbers are read by hand, not by regular expressions: programs for browsers, which download them, have no others.

// isDecimal tells whether a text is a decimal: digits with a point before, among or after them, maybe a sign before that and an exponent of one to four digits after it.
func isDecimal(text string) bool {
	const longestExponent = 4
	text = unsigned(text)
	mantissa, exponent := text, ""
	if e := strings.IndexAny(text, "eE"); e >= 0 {
		mantissa, exponent = text[:e], unsigned(text[e+1:])
		if exponent == "" || len(exponent) > longestExponent {
			return false
		}
	}
	whole, part, _ := strings.Cut(mantissa, ".")
	return whole+part != "" && allDigits(whole) && allDigits(part) && allDigits(exponent)
}

// isFraction tells whether a text is a fraction of whole numbers, maybe with a sign before it.
func isFraction(text string) bool {
	above, below, _ := strings.Cut(unsigned(text), "/")
	return above != "" && below != "" && allDigits(above) && allDigits(below)
}

// unsigned is a text without the sign that it may begin with.
func unsigned(text string) string {
	if text != "" && (text[0] == '+' || text[0] == '-') {
		return text[1:]
	}
	return text
}

func allDigits(text string) bool { return strings.Trim(text, "0123456789") == "" }
