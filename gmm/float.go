package gmm

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

// Float is a number that JSON keeps exactly: the shortest decimals that are read back as the same number, and the strings "NaN", "+Inf" and "-Inf" where JSON has no number.
type Float float64

// MarshalJSON writes the number.
func (x Float) MarshalJSON() ([]byte, error) {
	text := strconv.FormatFloat(float64(x), 'g', -1, 64)
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		text = `"` + text + `"`
	}
	return []byte(text), nil
}

// UnmarshalJSON reads it.
func (x *Float) UnmarshalJSON(text []byte) error {
	f, err := strconv.ParseFloat(string(bytes.Trim(text, `"`)), 64)
	if err != nil {
		return fmt.Errorf("gmm: expected a number, found %.40q", text)
	}
	*x = Float(f)
	return nil
}
