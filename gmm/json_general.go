package gmm

import (
	"fmt"
	"math/big"
)

// general reads a file of own covariances.
func (o *object) general() (Document, error) {
	if err := o.only("", "weights", "means", "covariance", "delta", "name", "a"); err != nil {
		return Document{}, err
	}
	var e ExactGeneral
	var err error
	if e.Weights, err = o.numbers("weights"); err != nil {
		return Document{}, err
	}
	if e.Means, err = o.rows("means"); err != nil {
		return Document{}, err
	}
	if e.Covariances, err = o.covariances(len(e.Means[0])); err != nil {
		return Document{}, err
	}
	if e.Name, err = o.text("name"); err != nil {
		return Document{}, err
	}
	delta, err := o.delta()
	if err != nil {
		return Document{}, err
	}
	mixture, err := NewGeneral(e)
	if err != nil {
		return Document{}, err
	}
	pairs, err := NewGeneralPairs(mixture, delta)
	if err != nil {
		return Document{}, err
	}
	a, err := o.representation("a", mixture.Dimension())
	return Document{General: pairs, A: a}, err
}

// covariances reads a list of matrices, or of the word "identity", which stands for d×d.
func (o *object) covariances(d int) ([][][]*big.Rat, error) {
	list, _ := o.values["covariance"].([]any) // kind has seen that it is one
	out := make([][][]*big.Rat, len(list))
	for k, value := range list {
		key := fmt.Sprintf("covariance[%d]", k)
		rows, isList := value.([]any)
		switch {
		case value == identityWord:
			out[k] = identityRows(d)
			continue
		case !isList || len(rows) == 0:
			found := kind(value)
			if isList {
				found = "an empty list"
			}
			return nil, &InputError{Key: key, Expected: `a d×d list of lists, or "identity"`, Found: found, Reason: ErrShape}
		}
		covariance, err := rowList(key, rows)
		if err != nil {
			return nil, err
		}
		out[k] = covariance
	}
	return out, nil
}
