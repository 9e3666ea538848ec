package frontier

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"contrastcheck/generators"
	"contrastcheck/gmm"
)

// Family is a named base of grids, at δ = 1.
type Family struct {
	Name        string
	Description string
	base        func(name string) gmm.Pairs
}

// Families lists the bases known by name: six simple mixtures, and a member of each family of
// package generators that has another name, and one covariance for all components.
func Families() []Family {
	all := []Family{
		{"two-points", "weights 1:3, means (2, 0) and (0, 1), not centred",
			given(`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`)},
		{"symmetric-tie", "equal weights, means (1, 0) and (0, 1), not centred: the margin is exactly 0",
			given(`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`)},
		{"rare-outlier", "weights 989:10:1, means (0, 0), (8, 3), (15, 10), centred",
			centred(`{"weights": [989, 10, 1], "means": [[0, 0], [8, 3], [15, 10]], "covariance": "identity"}`)},
		{"equal-triangle", "equal weights, means 2e₁, 2e₂, 2e₃, centred: an equilateral triangle",
			centred(`{"weights": [1, 1, 1], "means": [[2, 0, 0], [0, 2, 0], [0, 0, 2]], "covariance": "identity"}`)},
		{"parallel-pancakes", "equal weights, means (−1, 0) and (1, 0), variances 1/4 and 4, centred",
			centred(`{"weights": [1, 1], "means": [[-1, 0], [1, 0]], "covariance": [["1/4", 0], [0, 4]]}`)},
		{"octahedron", "equal weights, means ±e₁, ±e₂, ±e₃ in 4 dimensions",
			given(`{"weights": [1, 1, 1, 1, 1, 1], "means": [[1, 0, 0, 0], [-1, 0, 0, 0], [0, 1, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0], [0, 0, -1, 0]], "covariance": "identity"}`)},
	}
	for _, f := range generators.Families() {
		name := strings.ReplaceAll(f.Name, " ", "-")
		if f.Member().Shared() && !slices.ContainsFunc(all, func(known Family) bool { return known.Name == name }) {
			all = append(all, Family{name, "random, of a family made for: " + f.Hard, func(string) gmm.Pairs { return must(gmm.NewPairs(f.Member(), big.NewRat(1, 1))) }})
		}
	}
	return all
}

// ErrFamily says that no family has a name.
var ErrFamily = errors.New("frontier: not a family")

// FamilyNamed returns the base of a family (ErrFamily).
func FamilyNamed(name string) (gmm.Pairs, error) {
	var names []string
	for _, f := range Families() {
		if f.Name == name {
			return f.base(name), nil
		}
		names = append(names, f.Name)
	}
	return gmm.Pairs{}, fmt.Errorf("%w: expected one of %s; found %q", ErrFamily, strings.Join(names, ", "), name)
}

// given reads a mixture file; δ is 1 where it has none.
func given(text string) func(name string) gmm.Pairs {
	return func(name string) gmm.Pairs {
		file, err := gmm.Read(name, strings.NewReader(`{"name": "`+name+`", `+text[1:]))
		return must(file.Pairs, err)
	}
}

// centred reads a mixture file and subtracts the mean.
func centred(text string) func(name string) gmm.Pairs {
	return func(name string) gmm.Pairs { return must(given(text)(name).Centre()) }
}

// must panics where a family is damaged.
func must(p gmm.Pairs, err error) gmm.Pairs {
	if err != nil {
		panic("frontier: " + err.Error())
	}
	return p
}
