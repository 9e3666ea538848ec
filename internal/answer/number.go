package answer

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// Number is a float64 that JSON shows as null where it is not finite.
type Number float64

// MarshalJSON implements json.Marshaler.
func (x Number) MarshalJSON() ([]byte, error) {
	if !x.Finite() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

// Finite tells whether something is known.
func (x Number) Finite() bool { return !math.IsNaN(float64(x)) && !math.IsInf(float64(x), 0) }

// String shows three digits; "?" where nothing is known.
func (x Number) String() string {
	if !x.Finite() {
		return "?"
	}
	return fmt.Sprintf("%.3g", float64(x))
}

// Setting is a parameter of a loss as it is given: a number, or a word.
type Setting string

// MarshalJSON implements json.Marshaler.
func (s Setting) MarshalJSON() ([]byte, error) {
	if x, err := strconv.ParseFloat(string(s), 64); err == nil && !math.IsInf(x, 0) {
		return json.Marshal(x)
	}
	return json.Marshal(string(s))
}

// Each is a value of each modality: of one, that value, of two an object of both.
type Each[T any] []T

// MarshalJSON implements json.Marshaler.
func (e Each[T]) MarshalJSON() ([]byte, error) {
	if len(e) == 1 {
		return json.Marshal(e[0])
	}
	return json.Marshal(struct {
		Visual T `json:"visual"`
		Text   T `json:"text"`
	}{e[0], e[1]})
}
