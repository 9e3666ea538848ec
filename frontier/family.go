package frontier

import (
	"errors"
	"fmt"
	"strings"

	"contrastcheck/gmm"
)

// Family is a named base of grids, at δ = 1.
type Family struct {
	Name        string
	Description string
	text        string // a mixture file
	centre      bool
}

// Families lists the bases known by name.
func Families() []Family {
	return []Family{
		{"two-points", "weights 1:3, means (2, 0) and (0, 1), not centred",
			`{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`, false},
		{"symmetric-tie", "equal weights, means (1, 0) and (0, 1), not centred: the margin is exactly 0",
			`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`, false},
		{"rare-outlier", "weights 989:10:1, means (0, 0), (8, 3), (15, 10), centred",
			`{"weights": [989, 10, 1], "means": [[0, 0], [8, 3], [15, 10]], "covariance": "identity"}`, true},
		{"equal-triangle", "equal weights, means 2e₁, 2e₂, 2e₃, centred: an equilateral triangle",
			`{"weights": [1, 1, 1], "means": [[2, 0, 0], [0, 2, 0], [0, 0, 2]], "covariance": "identity"}`, true},
		{"parallel-pancakes", "equal weights, means (−1, 0) and (1, 0), variances 1/4 and 4, centred",
			`{"weights": [1, 1], "means": [[-1, 0], [1, 0]], "covariance": [["1/4", 0], [0, 4]]}`, true},
	}
}

// ErrFamily says that no family has a name.
var ErrFamily = errors.New("frontier: not a family")

// FamilyNamed returns the base of a family (ErrFamily).
func FamilyNamed(name string) (gmm.Pairs, error) {
	var names []string
	for _, f := range Families() {
		if f.Name == name {
			return f.pairs(), nil
		}
		names = append(names, f.Name)
	}
	return gmm.Pairs{}, fmt.Errorf("%w: expected one of %s; found %q", ErrFamily, strings.Join(names, ", "), name)
}

func (f Family) pairs() gmm.Pairs {
	file, err := gmm.Read(f.Name, strings.NewReader(`{"name": "`+f.Name+`", `+f.text[1:]))
	if err != nil {
		panic("frontier: a family is damaged: " + err.Error())
	}
	p := file.Pairs // δ is 1 where a file has none
	if f.centre {
		if p, err = p.Centre(); err != nil {
			panic("frontier: a family cannot be centred: " + err.Error())
		}
	}
	return p
}
