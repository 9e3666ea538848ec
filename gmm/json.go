package gmm

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"

	"gonum.org/v1/gonum/mat"
)

// File is the content of a mixture file: pairs and, for evaluating a loss, a
// linear representation.
type File struct {
	Pairs Pairs
	A     *mat.Dense // d×r; nil if the file has none
}

// ReadJSON reads a mixture file:
//
//	{"weights": [3, 7], "means": [[2, 1], [-1, "1/2"]], "covariance": "identity", "delta": 1, "name": "…", "a": [["0.5"], [0.25]]}
//
// Numbers are JSON numbers or strings, decimals or fractions, and are kept
// exactly; delta defaults to 1, name and a to none; a certificate is passed
// over. What is wrong is an InputError that names the source and the key:
// ErrSyntax, ErrNumber, ErrShape, ErrWeight, ErrDelta, ErrNotSymmetric,
// ErrNotPositiveDefinite, ErrIllConditioned, or ErrOtherModel for a file of
// paired mixtures or of components with their own covariances.
func ReadJSON(source string, r io.Reader) (File, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return File{}, unreadable(source, err)
	}
	file, err := parseFile(data)
	return file, in(source, err)
}

func parseFile(data []byte) (File, error) {
	top, err := strictJSON(data)
	if err != nil {
		return File{}, err
	}
	if _, paired := top.values["visual"]; paired {
		return File{}, &InputError{Key: "visual", Expected: "a single mixture", Found: "a paired file", Reason: ErrOtherModel}
	}
	if err := top.only("", "weights", "means", "covariance", "delta", "name", "a"); err != nil {
		return File{}, err
	}
	var e Exact
	if e.Weights, err = top.numbers("weights"); err != nil {
		return File{}, err
	}
	if e.Means, err = top.rows("means"); err != nil {
		return File{}, err
	}
	if e.Covariance, err = top.covariance(e.Means); err != nil {
		return File{}, err
	}
	if e.Name, err = top.text("name"); err != nil {
		return File{}, err
	}
	delta := big.NewRat(1, 1)
	if value, ok := top.values["delta"]; ok {
		if delta, err = number("delta", value); err != nil {
			return File{}, err
		}
	}
	mixture, err := NewExact(e)
	if err != nil {
		return File{}, err
	}
	pairs, err := NewPairs(mixture, delta)
	if err != nil {
		return File{}, err
	}
	a, err := top.representation("a", mixture.Dimension())
	return File{pairs, a}, err
}

// covariance reads a d×d matrix or the word "identity".
func (o *object) covariance(means [][]*big.Rat) ([][]*big.Rat, error) {
	switch value := o.values["covariance"].(type) {
	case string:
		if value != "identity" || len(means) == 0 {
			break
		}
		identity := make([][]*big.Rat, len(means[0]))
		for i := range identity {
			identity[i] = make([]*big.Rat, len(means[0]))
			for j := range identity[i] {
				identity[i][j] = new(big.Rat)
			}
			identity[i][i].SetInt64(1)
		}
		return identity, nil
	case []any:
		if len(value) > 0 {
			if first, ok := value[0].([]any); ok && len(first) > 0 {
				if _, own := first[0].([]any); own {
					return nil, &InputError{Key: "covariance", Expected: "one covariance shared by all components",
						Found: "one for each component", Reason: ErrOtherModel}
				}
			}
		}
		return o.rows("covariance")
	}
	return nil, o.expected("covariance", `a d×d list of lists, or "identity"`)
}

// representation reads a d×r matrix; nil if the key is absent.
func (o *object) representation(key string, d int) (*mat.Dense, error) {
	if _, ok := o.values[key]; !ok {
		return nil, nil
	}
	rows, err := o.rows(key)
	if err != nil {
		return nil, err
	}
	if len(rows) != d || len(rows[0]) == 0 {
		return nil, &InputError{Key: key, Expected: fmt.Sprintf("%d rows of at least one number, as the mixture has %d coordinates", d, d),
			Found: fmt.Sprintf("%d rows", len(rows)), Reason: ErrShape}
	}
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return nil, &InputError{Key: fmt.Sprintf("%s[%d]", key, i), Expected: fmt.Sprintf("%d numbers, as in the first row", len(rows[0])),
				Found: fmt.Sprint(len(row)), Reason: ErrShape}
		}
	}
	return rounded(doubled(rows)), nil
}

func (o *object) text(key string) (string, error) {
	value, ok := o.values[key]
	if !ok {
		return "", nil
	}
	s, ok := value.(string)
	if !ok {
		return "", o.expected(key, "a string")
	}
	return s, nil
}

// rows reads a list of lists of numbers.
func (o *object) rows(key string) ([][]*big.Rat, error) {
	list, ok := o.values[key].([]any)
	if !ok || len(list) == 0 {
		return nil, o.expected(key, "a list of rows, each a list of numbers")
	}
	rows := make([][]*big.Rat, len(list))
	for i, value := range list {
		at := fmt.Sprintf("%s[%d]", key, i)
		row, ok := value.([]any)
		if !ok {
			return nil, &InputError{Key: at, Expected: "a list of numbers", Found: kind(value), Reason: ErrShape}
		}
		numbers, err := numberList(at, row)
		if err != nil {
			return nil, err
		}
		rows[i] = numbers
	}
	return rows, nil
}

// numbers reads a list of numbers.
func (o *object) numbers(key string) ([]*big.Rat, error) {
	list, ok := o.values[key].([]any)
	if !ok {
		return nil, o.expected(key, "a list of numbers")
	}
	return numberList(key, list)
}

func (o *object) expected(key, what string) error {
	value, present := o.values[key]
	found := "nothing"
	if present {
		found = kind(value)
	}
	if list, ok := value.([]any); ok && len(list) == 0 {
		found = "an empty list"
	}
	return &InputError{Key: key, Expected: what, Found: found, Reason: ErrShape}
}

func numberList(key string, list []any) ([]*big.Rat, error) {
	out := make([]*big.Rat, len(list))
	for i, value := range list {
		r, err := number(fmt.Sprintf("%s[%d]", key, i), value)
		if err != nil {
			return nil, err
		}
		out[i] = r
	}
	return out, nil
}

func number(key string, value any) (*big.Rat, error) {
	var text string
	switch v := value.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = v
	default:
		return nil, &InputError{Key: key, Expected: "a number, or a string that holds one", Found: kind(value), Reason: ErrNumber}
	}
	r, err := ParseNumber(text)
	if refusal, ok := err.(*InputError); ok {
		refusal.Key = key
		return nil, refusal
	}
	return r, nil
}

// WriteJSON writes a mixture file that ReadJSON reads back exactly. Numbers
// that no short decimal gives are written as fractions.
func WriteJSON(w io.Writer, f File) error {
	type fields struct {
		Name       string     `json:"name,omitempty"`
		Weights    []string   `json:"weights"`
		Means      [][]string `json:"means"`
		Covariance any        `json:"covariance"`
		Delta      string     `json:"delta"`
		A          [][]string `json:"a,omitempty"`
	}
	e := f.Pairs.Mixture.exact
	out := fields{Name: e.Name, Weights: formatRow(e.Weights), Means: formatRows(e.Means),
		Covariance: formatRows(e.Covariance), Delta: FormatNumber(f.Pairs.delta)}
	if isIdentity(e.Covariance) {
		out.Covariance = "identity"
	}
	if f.A != nil {
		rows, _ := f.A.Dims()
		for i := range rows {
			out.A = append(out.A, formatRow(Rationals(mat.Row(nil, i, f.A)...)))
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(out); err != nil {
		return fmt.Errorf("gmm: writing %s: %w", e.Name, err)
	}
	return nil
}

func formatRow(row []*big.Rat) []string {
	out := make([]string, len(row))
	for i, x := range row {
		out[i] = FormatNumber(x)
	}
	return out
}

func formatRows(rows [][]*big.Rat) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = formatRow(row)
	}
	return out
}
