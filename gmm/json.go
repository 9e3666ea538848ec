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
// ErrNotPositiveDefinite, ErrIllConditioned, ErrCost as for Read, or ErrOtherModel for a file of
// paired mixtures or of components with their own covariances.
func ReadJSON(source string, r io.Reader) (File, error) { return Limit(1).ReadJSON(source, r) }

// ReadJSON is the function ReadJSON with another limit.
func (l Limit) ReadJSON(source string, r io.Reader) (File, error) {
	top, err := l.readObject(source, r)
	if err != nil {
		return File{}, err
	}
	if kind := top.kind(); kind != SharedCovariance {
		return File{}, in(source, kind.refusal())
	}
	d, err := top.shared()
	return File{d.Pairs, d.A}, in(source, err)
}

// shared reads a file of one covariance.
func (o *object) shared() (Document, error) {
	if err := o.only("", "weights", "means", "covariance", "delta", "name", "a"); err != nil {
		return Document{}, err
	}
	var e Exact
	var err error
	if e.Weights, err = o.numbers("weights"); err != nil {
		return Document{}, err
	}
	if e.Means, err = o.rows("means"); err != nil {
		return Document{}, err
	}
	if e.Covariance, err = o.covariance(len(e.Means[0])); err != nil {
		return Document{}, err
	}
	if e.Name, err = o.text("name"); err != nil {
		return Document{}, err
	}
	delta, err := o.delta()
	if err != nil {
		return Document{}, err
	}
	mixture, err := NewExact(e)
	if err != nil {
		return Document{}, err
	}
	pairs, err := NewPairs(mixture, delta)
	if err != nil {
		return Document{}, err
	}
	a, err := o.exactRepresentation("a", mixture.Dimension())
	certificate, _ := o.values[ignored].(json.RawMessage)
	return Document{Pairs: pairs, A: roundedRows(a), ExactA: a, Certificate: certificate}, err
}

// delta reads δ, which defaults to 1.
func (o *object) delta() (*big.Rat, error) {
	value, ok := o.values["delta"]
	if !ok {
		return big.NewRat(1, 1), nil
	}
	return number("delta", value)
}

// covariance reads a matrix or the word "identity", which stands for d×d.
func (o *object) covariance(d int) ([][]*big.Rat, error) {
	switch value := o.values["covariance"].(type) {
	case string:
		if value == identityWord {
			return identityRows(d), nil
		}
	case []any:
		return o.rows("covariance")
	}
	return nil, o.expected("covariance", `a d×d list of lists, or "identity"`)
}

// identityWord is what a file may write for an identity matrix.
const identityWord = "identity"

func identityRows(d int) [][]*big.Rat {
	identity := make([][]*big.Rat, d)
	for i := range identity {
		identity[i] = make([]*big.Rat, d)
		for j := range identity[i] {
			identity[i][j] = new(big.Rat)
		}
		identity[i][i].SetInt64(1)
	}
	return identity
}

// representation reads a d×r matrix and rounds it; nil if the key is absent.
func (o *object) representation(key string, d int) (*mat.Dense, error) {
	rows, err := o.exactRepresentation(key, d)
	return roundedRows(rows), err
}

// roundedRows returns nil for nil.
func roundedRows(rows [][]*big.Rat) *mat.Dense {
	if rows == nil {
		return nil
	}
	return rounded(doubled(rows))
}

// exactRepresentation reads a d×r matrix; nil if the key is absent.
func (o *object) exactRepresentation(key string, d int) ([][]*big.Rat, error) {
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
	return rows, nil
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
	if len(s) > longestText {
		return "", &InputError{Key: key, Expected: fmt.Sprintf("a string of at most %d characters", longestText), Found: fmt.Sprintf("%d", len(s)), Reason: ErrSyntax}
	}
	return s, nil
}

// longestText bounds a name, which is printed.
const longestText = 1000

// rows reads a list of lists of numbers.
func (o *object) rows(key string) ([][]*big.Rat, error) {
	list, ok := o.values[key].([]any)
	if !ok || len(list) == 0 {
		return nil, o.expected(key, "a list of rows, each a list of numbers")
	}
	return rowList(key, list)
}

func rowList(key string, list []any) ([][]*big.Rat, error) {
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
		r, err := number(key, value)
		if refusal, ok := err.(*InputError); ok {
			refusal.Key = fmt.Sprintf("%s[%d]", key, i)
			return nil, refusal
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
