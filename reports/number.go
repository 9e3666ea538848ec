package reports

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"contrastcheck/reports/figures"
)

// Number is a number of a report: six digits in JSON, null where it is not finite.
type Number float64

// MarshalJSON implements json.Marshaler.
func (x Number) MarshalJSON() ([]byte, error) {
	if !x.Known() {
		return []byte("null"), nil
	}
	return json.Marshal(x.rounded())
}

// UnmarshalJSON implements json.Unmarshaler.
func (x *Number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*x = Number(math.NaN())
		return nil
	}
	return json.Unmarshal(text, (*float64)(x))
}

// Known tells whether the number is finite.
func (x Number) Known() bool { return !math.IsNaN(float64(x)) && !math.IsInf(float64(x), 0) }

func (x Number) rounded() float64 {
	return must(strconv.ParseFloat(strconv.FormatFloat(float64(x), 'g', 6, 64), 64))
}

// must panics on an error that only a mistake in this program makes.
func must[T any](x T, err error) T {
	if err != nil {
		panic("reports: " + err.Error())
	}
	return x
}

// String writes two digits, or all of a whole number below 1000, as in −3.4·10⁻⁵; an en
// dash where the number is not known.
func (x Number) String() string {
	if !x.Known() {
		return "–"
	}
	text := strconv.FormatFloat(float64(x), 'g', 2, 64)
	if rounded := math.Round(float64(x)); math.Abs(rounded) >= 10 && math.Abs(rounded) < 1000 {
		text = strconv.FormatFloat(rounded, 'f', 0, 64)
	}
	return figures.Typeset(text)
}

// three writes three digits.
func (x Number) three() string {
	if !x.Known() {
		return "–"
	}
	return figures.Typeset(strconv.FormatFloat(float64(x), 'g', 3, 64))
}

// counted writes a number and what it counts, as in "1 case" and "12 cases".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
