package gmm

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Path names one number of pairs of one modality, in the words of the command line; indices count from 1:
//
//	delta  weight[k]  mean[k][i]  covariance[i][j]  covariance[k][i][j]
//
// The last is of components that have their own covariances. ParsePath makes one.
type Path struct {
	name  string
	index [3]int // from 0; as many as count
	count int
}

// pathParts are a name and the digits of indices in brackets.
func pathParts(text string) (name string, indices []string, ok bool) {
	const longest = 9
	name, rest, bracketed := strings.Cut(text, "[")
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") != "" {
		return "", nil, false
	}
	if !bracketed {
		return name, nil, true
	}
	inner, closed := strings.CutSuffix(rest, "]")
	if !closed {
		return "", nil, false
	}
	indices = strings.Split(inner, "][")
	for _, digits := range indices {
		if digits == "" || len(digits) > longest || !allDigits(digits) {
			return "", nil, false
		}
	}
	return name, indices, true
}

// pathShapes are the names, with an example of each that says how many indices it takes.
var pathShapes = map[string]string{"delta": "delta", "weight": "weight[1]", "mean": "mean[1][2]", "covariance": "covariance[1][2]"}

// ParsePath reads a path. Errors are InputErrors of ErrPath.
func ParsePath(text string) (Path, error) {
	refuse := func(expected string) (Path, error) {
		return Path{}, &InputError{Expected: expected, Found: strconv.Quote(text), Reason: ErrPath}
	}
	name, indices, ok := pathParts(text)
	if !ok {
		return refuse("a path such as weight[1], mean[3][1], covariance[1][2] or delta")
	}
	shape, known := pathShapes[name]
	if !known {
		return refuse("a path that begins with weight, mean, covariance or delta")
	}
	p := Path{name: name}
	for _, digits := range indices {
		i, _ := strconv.Atoi(digits)
		switch {
		case i == 0:
			return refuse("indices from 1")
		case p.count == len(p.index):
			return refuse("a path such as " + shape)
		}
		p.index[p.count] = i - 1
		p.count++
	}
	if wanted := strings.Count(shape, "["); p.count != wanted && !(p.name == "covariance" && p.count == wanted+1) {
		return refuse("a path such as " + shape)
	}
	return p, nil
}

// String is the path's text, which ParsePath reads. The two paths of one entry of a symmetric matrix have one text.
func (p Path) String() string {
	p = p.ordered()
	var b strings.Builder
	b.WriteString(p.name)
	for _, i := range p.index[:p.count] {
		fmt.Fprintf(&b, "[%d]", i+1)
	}
	return b.String()
}

// ordered is the path of the entry on or above the diagonal.
func (p Path) ordered() Path {
	if p.name == "covariance" && p.index[p.count-2] > p.index[p.count-1] {
		p.index[p.count-2], p.index[p.count-1] = p.index[p.count-1], p.index[p.count-2]
	}
	return p
}

// Same tells whether both paths name one number.
func (p Path) Same(q Path) bool { return p.ordered() == q.ordered() }

// Weight returns the component, from 0, whose weight the path is.
func (p Path) Weight() (component int, ok bool) { return p.index[0], p.name == "weight" }

// Mean returns the component and the coordinate, from 0, of the entry of a mean that the path is.
func (p Path) Mean() (component, coordinate int, ok bool) {
	return p.index[0], p.index[1], p.name == "mean"
}

// Covariance returns the row and the column, from 0, row ≤ column, of the entry of a shared covariance that the path is.
func (p Path) Covariance() (row, column int, ok bool) {
	q := p.ordered()
	return q.index[0], q.index[1], p.name == "covariance" && p.count == 2
}

// IsDelta tells whether the path is δ.
func (p Path) IsDelta() bool { return p.name == "delta" }

// In returns the number that the path names, a weight of those that sum to 1. It refuses, with an InputError of ErrPath, a path that
// the pairs do not have, and two modalities with ErrOtherModel.
func (p Path) In(pairs Pairs) (*big.Rat, error) {
	if err := p.fits(pairs); err != nil {
		return nil, err
	}
	if p.IsDelta() {
		return pairs.ExactDelta(), nil
	}
	e := pairs.Left.Exact()
	i, j, k := p.index[0], p.index[1], p.index[2]
	switch {
	case p.name == "weight":
		return new(big.Rat).Set(e.Weights[i]), nil
	case p.name == "mean":
		return new(big.Rat).Set(e.Means[i][j]), nil
	case p.count == 2:
		return new(big.Rat).Set(e.Covariance[i][j]), nil
	}
	return new(big.Rat).Set(e.Covariances[i][j][k]), nil
}

// fits refuses pairs that have no such number.
func (p Path) fits(pairs Pairs) error {
	if err := pairs.WantOneModality(); err != nil {
		return err
	}
	refuse := func(expected string) error {
		return &InputError{Key: p.String(), Expected: expected, Reason: ErrPath}
	}
	k, d := pairs.Components(), pairs.Left.Dimension()
	bounds := []int{k, d}
	switch {
	case p.IsDelta():
		return nil
	case p.name == "covariance" && p.count == 2:
		if !pairs.Shared() {
			return refuse("covariance[k][i][j], as components have their own covariances")
		}
		bounds = []int{d, d}
	case p.name == "covariance":
		if pairs.Shared() {
			return refuse("covariance[i][j], as components share one covariance")
		}
		bounds = []int{k, d, d}
	}
	for i, bound := range bounds[:p.count] {
		if p.index[i] >= bound {
			return refuse(fmt.Sprintf("indices within a mixture of %d components in %d dimensions", k, d))
		}
	}
	return nil
}

// Set returns the pairs with a value in the path's place; see SetAll.
func (p Path) Set(pairs Pairs, value *big.Rat) (Pairs, error) {
	return SetAll(pairs, []Path{p}, []*big.Rat{value})
}

// SetAll returns the pairs with values in the places of different paths, exactly. Weights that no path names keep their proportions to one another, and share what
// the named ones leave of 1; an entry of a covariance counts for its mirror image, too.
//
// It refuses, with InputErrors, paths that the pairs do not have or that name one number twice (ErrPath), two modalities (ErrOtherModel), and values with which this is no mixture:
// weights that leave nothing for the others, or named ones without any others (ErrWeight), a δ outside [0, 1], or a covariance that is not positive definite.
func SetAll(pairs Pairs, paths []Path, values []*big.Rat) (Pairs, error) {
	if len(paths) != len(values) {
		return Pairs{}, &InputError{Expected: fmt.Sprintf("%d values, one for each path", len(paths)), Found: fmt.Sprint(len(values)), Reason: ErrShape}
	}
	if err := Distinct(pairs, paths); err != nil {
		return Pairs{}, err
	}
	e, delta := pairs.Left.Exact(), pairs.ExactDelta()
	weights := map[int]*big.Rat{}
	for n, p := range paths {
		i, j, k, value := p.index[0], p.index[1], p.index[2], values[n]
		switch {
		case p.IsDelta():
			delta = value
		case p.name == "weight":
			weights[i] = value
		case p.name == "mean":
			e.Means = replaced(e.Means, i, j, value)
		case p.count == 2:
			e.Covariance = replaced(replaced(e.Covariance, i, j, value), j, i, value)
		default:
			e.Covariances = slices.Clone(e.Covariances)
			e.Covariances[i] = replaced(replaced(e.Covariances[i], j, k, value), k, j, value)
		}
	}
	var err error
	if e.Weights, err = sharing(e.Weights, weights); err != nil {
		return Pairs{}, err
	}
	m, err := NewExact(e)
	if err != nil {
		return Pairs{}, err
	}
	return NewPairs(m, delta)
}

// Distinct refuses paths of which one names no number of the pairs, or two name the same, and weights without another that takes up the rest, all with InputErrors of ErrPath.
func Distinct(pairs Pairs, paths []Path) error {
	weights := 0
	for n, p := range paths {
		if err := p.fits(pairs); err != nil {
			return err
		}
		if slices.ContainsFunc(paths[:n], p.Same) {
			return &InputError{Key: p.String(), Expected: "each number once", Reason: ErrPath}
		}
		if p.name == "weight" {
			weights++
		}
	}
	if weights == pairs.Components() {
		return &InputError{Key: "weights", Expected: "one weight at least that takes up the rest of 1", Found: "all of them", Reason: ErrPath}
	}
	return nil
}

// sharing returns weights with the named ones in their places; the others, of which there is one, share the rest in their proportions.
func sharing(weights []*big.Rat, named map[int]*big.Rat) ([]*big.Rat, error) {
	if len(named) == 0 {
		return weights, nil
	}
	rest, others := big.NewRat(1, 1), new(big.Rat)
	for k, w := range weights {
		if value, ok := named[k]; ok {
			rest.Sub(rest, value)
		} else {
			others.Add(others, w)
		}
	}
	if rest.Sign() <= 0 {
		return nil, &InputError{Key: "weights", Expected: "named weights that leave something of 1 for the others", Found: FormatNumber(new(big.Rat).Sub(big.NewRat(1, 1), rest)), Reason: ErrWeight}
	}
	out := make([]*big.Rat, len(weights))
	for k, w := range weights {
		if value, ok := named[k]; ok {
			out[k] = value
		} else {
			out[k] = new(big.Rat).Mul(w, new(big.Rat).Quo(rest, others))
		}
	}
	return out, nil
}

// replaced returns a copy of rows with a value in one place.
func replaced(rows [][]*big.Rat, i, j int, value *big.Rat) [][]*big.Rat {
	rows = slices.Clone(rows)
	rows[i] = slices.Clone(rows[i])
	rows[i][j] = value
	return rows
}
