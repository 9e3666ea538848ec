package frontier_test

import (
	"context"
	"errors"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/frontier"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine"
)

// The symmetric representation is stable where another program found it so, whatever the coordinates, along either axis.
func TestStable(t *testing.T) {
	base, err := frontier.FamilyNamed("octahedron")
	if err != nil {
		t.Fatal(err)
	}
	stretched, err := base.Left.Transform([][]*big.Rat{rats(2, 0, 0, 0), rats(1, 1, 0, 0), rats(0, 0, 1, 3), rats(0, 1, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	turned, err := gmm.NewPairs(stretched, big.NewRat(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, base := range []gmm.Pairs{base, turned} {
		for _, c := range []struct {
			axis, temperature string
			want              []oracle.Verdict
		}{
			{"separation=2:5/2:2", "1/2", []oracle.Verdict{oracle.Refuted, oracle.Holds}},
			{"separation=3:4:2", "1/5", []oracle.Verdict{oracle.Refuted, oracle.Holds}},
			{"separation=0:1/4:2", "1", []oracle.Verdict{oracle.Undecided, oracle.Refuted}},
			{"temperature=1/1000:1:2", "1/2", []oracle.Verdict{oracle.Undecided, oracle.Refuted}},
		} {
			axis, err := frontier.ParseAxis(c.axis)
			if err != nil {
				t.Fatal(err)
			}
			grid, err := frontier.NewGrid(base, axis)
			if err != nil {
				t.Fatal(err)
			}
			temperature, _ := new(big.Rat).SetString(c.temperature)
			if grid, err = grid.Stable(temperature); err != nil {
				t.Fatal(err)
			}
			f, err := frontier.Sweep(context.Background(), grid, frontier.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range c.want {
				if p := f.Points[i]; p.Verdict != want {
					t.Errorf("%s at τ = %s: %v, expected %v", c.axis, c.temperature, p, want)
				}
			}
		}
	}
}

// What is no such mixture is refused, and so are axes that do not go together with a claim.
func TestNotStable(t *testing.T) {
	for text, want := range map[string]error{
		`{"weights": [1, 1, 1, 1, 1, 1], "means": [[1, 0, 0, 0], [-1, 0, 0, 0], [0, 1, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0], [0, 0, -1, 0]], "covariance": "identity"}`: nil,
		`{"weights": [1, 1, 1, 1, 1, 2], "means": [[1, 0, 0, 0], [-1, 0, 0, 0], [0, 1, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0], [0, 0, -1, 0]], "covariance": "identity"}`: cosine.ErrOctahedron,
		`{"weights": [1, 1, 1, 1, 1, 1], "means": [[1, 0, 0, 0], [-1, 0, 0, 0], [0, 1, 0, 0], [0, -1, 0, 0], [0, 0, 2, 0], [0, 0, -2, 0]], "covariance": "identity"}`: cosine.ErrOctahedron,
		`{"weights": [1, 1, 1, 1, 1, 1], "means": [[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0], [0, 0, -1, 0]], "covariance": "identity"}`:  cosine.ErrOctahedron,
		`{"weights": [1, 1, 1, 1, 1, 1], "means": [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], "covariance": "identity"}`:                   cosine.ErrOctahedron,
	} {
		d, err := gmm.Read("test", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		separation, _ := frontier.ParseAxis("separation=1:2:2")
		grid, err := frontier.NewGrid(d.Pairs, separation)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := grid.Stable(big.NewRat(1, 1)); !errors.Is(err, want) {
			t.Errorf("%s: %v, expected %v", text, err, want)
		}
	}
	base, err := frontier.FamilyNamed("octahedron")
	if err != nil {
		t.Fatal(err)
	}
	temperature, _ := frontier.ParseAxis("temperature=1:2:2")
	negatives, _ := frontier.ParseAxis("negatives=1:2:2")
	equality, err := frontier.NewGrid(base, temperature)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := equality.Of(losses.InfoNCE); !errors.Is(err, frontier.ErrAxis) {
		t.Errorf("equality along temperature: %v", err)
	}
	stable, err := frontier.NewGrid(base, negatives)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stable.Stable(big.NewRat(1, 1)); !errors.Is(err, frontier.ErrAxis) {
		t.Errorf("stability along negatives: %v", err)
	}
	if _, err := frontier.ParseAxis("temperature=0:2:2"); !errors.Is(err, frontier.ErrAxis) {
		t.Errorf("a temperature of 0: %v", err)
	}
}

func rats(x ...int64) (row []*big.Rat) {
	for _, v := range x {
		row = append(row, big.NewRat(v, 1))
	}
	return row
}
