package gmm

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// single reads a file of one modality.
func (o *object) single() (d Document, err error) {
	if err = o.only("", "weights", "means", "covariance", "delta", "name", "a", "b", "net", "net_visual", "net_text"); err != nil {
		return d, err
	}
	e, err := o.common()
	if err != nil {
		return d, err
	}
	delta, err := o.delta()
	if err != nil {
		return d, err
	}
	mixture, err := o.mixture(e)
	if err != nil {
		return d, err
	}
	if d.Pairs, err = NewPairs(mixture, delta); err != nil {
		return d, err
	}
	d.Certificate, _ = o.values[ignored].(json.RawMessage)
	d.ExactA, err = o.representation("a", mixture)
	d.A = roundedRows(d.ExactA)
	if err == nil {
		d.B, err = o.bias(d.ExactA)
	}
	if err == nil {
		err = o.nets(&d)
	}
	return d, err
}

// bias reads the key b beside a, nil if there is none.
func (o *object) bias(a [][]*big.Rat) ([]float64, error) {
	if _, ok := o.values["b"]; !ok {
		return nil, nil
	}
	exact, err := o.numbers("b")
	switch {
	case err != nil:
		return nil, err
	case a == nil:
		return nil, &InputError{Key: "b", Expected: "a representation a that it is the bias of", Found: "nothing", Reason: ErrShape}
	case len(exact) != len(a[0]):
		return nil, &InputError{Key: "b", Expected: fmt.Sprintf("%d numbers, one a column of a", len(a[0])), Found: fmt.Sprint(len(exact)), Reason: ErrShape}
	}
	out := make([]float64, len(exact))
	for i, x := range exact {
		out[i], _ = x.Float64()
	}
	return out, nil
}

// pair reads a file of two modalities.
func (o *object) pair() (d Document, err error) {
	if err = o.only("", "weights", "visual", "text", "name", "a_visual", "a_text", "net_visual", "net_text"); err != nil {
		return d, err
	}
	e, err := o.common()
	if err != nil {
		return d, err
	}
	left, err := o.modality("visual", e)
	if err != nil {
		return d, err
	}
	right, err := o.modality("text", e)
	if err != nil {
		return d, err
	}
	if d.Pairs, err = NewPaired(left, right, big.NewRat(1, 1)); err != nil {
		return d, err
	}
	if d.ExactA, err = o.representation("a_visual", left); err != nil {
		return d, err
	}
	other, err := o.representation("a_text", right)
	if err != nil {
		return d, err
	}
	d.A, d.ARight = roundedRows(d.ExactA), roundedRows(other)
	if err := checkColumns(d.ExactA, other); err != nil {
		return d, err
	}
	return d, o.nets(&d)
}

// common reads what all modalities have in common.
func (o *object) common() (e Exact, err error) {
	if e.Weights, err = o.numbers("weights"); err != nil {
		return e, err
	}
	e.Name, err = o.text("name")
	return e, err
}

// mixture reads the means and the covariance or covariances.
func (o *object) mixture(e Exact) (*Mixture, error) {
	var err error
	if e.Means, err = o.rows("means"); err != nil {
		return nil, err
	}
	d, value := len(e.Means[0]), o.values["covariance"]
	list, isList := value.([]any)
	switch {
	case own(value):
		e.Covariances = make([][][]*big.Rat, len(list))
		for k := 0; k < len(list) && err == nil; k++ {
			e.Covariances[k], err = matrix(fmt.Sprintf("covariance[%d]", k), list[k], d)
		}
	case isList:
		e.Covariance, err = o.rows("covariance")
	default:
		e.Covariance, err = matrix("covariance", value, d)
	}
	if err != nil {
		return nil, err
	}
	return NewExact(e)
}

// modality reads one of two mixtures, whose components share a covariance.
func (o *object) modality(key string, e Exact) (*Mixture, error) {
	part, ok := o.values[key].(*object)
	if !ok {
		return nil, o.expected(key, `an object with the keys "means" and "covariance"`)
	}
	if err := part.only(key, "means", "covariance"); err != nil {
		return nil, err
	}
	if own(part.values["covariance"]) {
		return nil, relabelled(notShared(), "", key+".")
	}
	m, err := part.mixture(e)
	var input *InputError
	if errors.As(err, &input) && !strings.HasPrefix(input.Key, "weights") { // which both share
		return nil, relabelled(err, "", key+".")
	}
	return m, err
}

// delta reads δ, which defaults to 1.
func (o *object) delta() (*big.Rat, error) {
	value, ok := o.values["delta"]
	if !ok {
		return big.NewRat(1, 1), nil
	}
	return number("delta", value)
}

// matrix reads the rows of a matrix, or the word "identity", which stands for d×d.
func matrix(key string, value any, d int) ([][]*big.Rat, error) {
	if value == identityWord {
		return IdentityRows(d), nil
	}
	if list, _ := value.([]any); len(list) > 0 {
		return rowList(key, list)
	}
	return nil, unexpected(key, `a d×d list of lists, or "identity"`, value)
}

// identityWord is what a file may write for an identity matrix.
const identityWord = "identity"

// roundedRows returns nil for nil.
func roundedRows(rows [][]*big.Rat) *mat.Dense {
	if rows == nil {
		return nil
	}
	return rounded(doubled(rows))
}

// representation reads a d×r matrix; nil if the key is absent.
func (o *object) representation(key string, m *Mixture) ([][]*big.Rat, error) {
	d := m.Dimension()
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

// checkColumns refuses representations that do not go together.
func checkColumns(visual, text [][]*big.Rat) error {
	switch {
	case visual == nil && text == nil:
		return nil
	case text == nil:
		return &InputError{Key: "a_text", Expected: "a representation beside a_visual", Found: "nothing", Reason: ErrShape}
	case visual == nil:
		return &InputError{Key: "a_visual", Expected: "a representation beside a_text", Found: "nothing", Reason: ErrShape}
	case len(visual[0]) != len(text[0]):
		return &InputError{Key: "a_text", Expected: fmt.Sprintf("%d columns, as in a_visual", len(visual[0])), Found: fmt.Sprint(len(text[0])), Reason: ErrShape}
	}
	return nil
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
