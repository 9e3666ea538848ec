package frontier

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"contrastcheck/gmm"
)

// place is where a number of a mixture stands.
type place struct {
	of string // mean, weight or covariance; "" for no place
	at []int  // indices, from 0
}

// What places are of.
const (
	ofMean       = "mean"
	ofWeight     = "weight"
	ofCovariance = "covariance"
)

// path is how a place is written. No mixture has more of anything than six digits tell.
var path = regexp.MustCompile(`^(mean|weight|covariance)((?:\[[1-9][0-9]{0,5}\]){1,3})$`)

// depths are the numbers of indices that a place may have.
var depths = map[string][]int{ofMean: {2}, ofWeight: {1}, ofCovariance: {2, 3}}

// place is the one that a parameter names; false for one that is no number of a mixture.
func (p Parameter) place() (place, bool) {
	parts := path.FindStringSubmatch(string(p))
	if parts == nil {
		return place{}, false
	}
	found := place{of: parts[1]}
	for _, text := range strings.FieldsFunc(parts[2], func(r rune) bool { return r == '[' || r == ']' }) {
		i, err := strconv.Atoi(text)
		if err != nil {
			return place{}, false
		}
		found.at = append(found.at, i-1)
	}
	return found, slices.Contains(depths[found.of], len(found.at))
}

// same tells whether two parameters of a base are one number of it.
func (p Parameter) same(other Parameter, base *gmm.Mixture) bool {
	if p == other {
		return true
	}
	a, first := p.on(base)
	b, second := other.on(base)
	if !first || !second || a.of != b.of {
		return false
	}
	if a.of == ofCovariance {
		a, b = a.ordered(), b.ordered()
	}
	return slices.Equal(a.at, b.at)
}

// on is the place of a parameter in a base, of Weight too; false where it has none.
func (p Parameter) on(base *gmm.Mixture) (place, bool) {
	if p == Weight {
		return place{ofWeight, []int{base.Lightest()}}, true
	}
	return p.place()
}

// ordered is the place of a covariance on or above the diagonal.
func (p place) ordered() place {
	at := slices.Clone(p.at)
	slices.Sort(at[len(at)-2:])
	return place{p.of, at}
}

// misplaced says what is expected of a place in a mixture, or nothing if that has it.
func (p place) misplaced(m *gmm.Mixture) string {
	k, d := m.Components(), m.Dimension()
	var most []int
	var expected string
	switch {
	case p.of == ofWeight:
		most, expected = []int{k}, fmt.Sprintf("weight[k] with k from 1 to %d", k)
	case p.of == ofMean:
		most, expected = []int{k, d}, fmt.Sprintf("mean[k][i] with k from 1 to %d and i from 1 to %d", k, d)
	case m.Shared():
		most, expected = []int{d, d}, fmt.Sprintf("covariance[i][j] with i and j from 1 to %d", d)
	default:
		most, expected = []int{k, d, d}, fmt.Sprintf("covariance[k][i][j] with k from 1 to %d, i and j from 1 to %d", k, d)
	}
	fits := len(p.at) == len(most)
	for i := 0; fits && i < len(most); i++ {
		fits = p.at[i] < most[i]
	}
	if fits {
		return ""
	}
	return "a number that the mixture has: " + expected
}

// set writes values at places of a mixture, means and covariances as they are, and weights so that the others share the rest in their former proportions.
func set(m *gmm.Mixture, at []place, values []*big.Rat) (*gmm.Mixture, error) {
	if len(at) == 0 {
		return m, nil
	}
	e := m.Exact()
	e.Means = cloned(e.Means)
	if e.Covariance != nil {
		e.Covariance = cloned(e.Covariance)
	}
	e.Covariances = slices.Clone(e.Covariances)
	for k, own := range e.Covariances {
		e.Covariances[k] = cloned(own)
	}
	for n, p := range at {
		rows, ij := e.Means, p.at
		switch {
		case p.of == ofWeight:
			continue
		case len(p.at) == 3:
			rows, ij = e.Covariances[p.at[0]], p.at[1:]
		case p.of == ofCovariance:
			rows = e.Covariance
		}
		rows[ij[0]][ij[1]] = values[n]
		if p.of == ofCovariance {
			rows[ij[1]][ij[0]] = values[n]
		}
	}
	m, err := gmm.NewExact(e)
	if err != nil {
		return nil, err
	}
	rest := big.NewRat(1, 1) // what weights that are set later leave
	for n, p := range at {
		if p.of == ofWeight {
			rest.Sub(rest, values[n])
		}
	}
	for n, p := range at {
		if p.of != "weight" {
			continue
		}
		rest.Add(rest, values[n])
		if m, err = m.Reweigh(p.at[0], new(big.Rat).Quo(values[n], rest)); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func cloned(rows [][]*big.Rat) [][]*big.Rat {
	out := make([][]*big.Rat, len(rows))
	for i, row := range rows {
		out[i] = slices.Clone(row)
	}
	return out
}
