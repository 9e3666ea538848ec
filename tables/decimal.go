package tables

import (
	"bytes"
	"math"
	"strconv"

	"contrastcheck/gmm"
)

// parseFloat reads a number as gmm.ParseNumber does, refusals included, rounds it to the nearest float64, and tells whether that is
// certainly what was written. A decimal of at most 15 digits and 22 places is a quotient of two float64 that are exact.
//
// W. Clinger, How to read floating point numbers accurately, PLDI 1990.
func parseFloat(text []byte) (x float64, exact bool, err error) {
	if x, exact, ok := parseShort(text); ok {
		return x, exact, nil
	}
	trimmed := bytes.TrimSpace(text)
	if x, exact, ok := parseShort(trimmed); ok {
		return x, exact, nil
	}
	if isDecimal(trimmed) {
		x, err := strconv.ParseFloat(string(trimmed), 64)
		if size := math.Abs(x); err == nil && leastSize < size && size < mostSize {
			return x, false, nil
		}
	}
	r, err := gmm.ParseNumber(string(trimmed))
	if err != nil {
		return 0, false, err
	}
	x, exact = r.Float64()
	return x, exact, nil
}

// Sizes well within those that gmm.ParseNumber accepts: it decides about others.
const leastSize, mostSize = 1e-199, 1e29

// parseShort reads [+-]digits[.digits] of at most 15 digits.
func parseShort(text []byte) (x float64, exact, ok bool) {
	const most = 15
	i, negative := 0, false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		i, negative = 1, text[0] == '-'
	}
	if len(text)-i > most+1 || len(text) == i {
		return 0, false, false
	}
	var mantissa int64
	digits, places := 0, 0
	point := len(text)
	for ; i < len(text); i++ {
		c := text[i]
		if c-'0' <= 9 {
			mantissa = mantissa*10 + int64(c-'0')
			digits++
			continue
		}
		if c != '.' || point < len(text) {
			return 0, false, false
		}
		point = i
	}
	if digits == 0 || digits > most {
		return 0, false, false
	}
	if point < len(text) {
		places = len(text) - point - 1
	}
	x = float64(mantissa) / tens[places]
	if negative {
		x = -x
	}
	return x, places == 0, true
}

// tens are powers of ten, exact in float64.
var tens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// isDecimal tells whether a text is a decimal to gmm.ParseNumber, too, which strconv.ParseFloat alone does not tell.
func isDecimal(text []byte) bool {
	for _, c := range text {
		switch {
		case '0' <= c && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
		default:
			return false
		}
	}
	exponent := len(text) - 1 - bytes.LastIndexAny(text, "eE")
	return len(text) < 100 && (exponent == len(text) || exponent <= len("9999"))
}
