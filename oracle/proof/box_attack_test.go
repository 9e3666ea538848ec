//go:build attack

package proof_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

// The largest boxes that docs/findings.md lists are proved, and 200 mixtures of each one by one.
func TestLargestBoxesPointByPoint(t *testing.T) {
	for _, row := range []struct{ name, some, all string }{
		{"equality_1-two-points", "1/20", "1/500"},
		{"equality_2-two-points-apart", "1/5", "1/200"},
		{"equality_3-two-points-opposite", "1/10", "1/200"},
		{"equality_4-three-equal-weights", "1/50", "1/200"},
		{"equality_5-iris", "1/5000", "1/5000000"},
		{"equality_6-wine", "1/5000", "1/100000000"},
		{"equality-centred_1-rare-outlier", "1/20", "1/500"},
		{"equality-centred_2-rarer-outlier", "1/10", "1/200"},
		{"equality-biased_1-milder-weights", "1/50", "1/1000"},
		{"equality-biased_2-half", "1/20", "1/200"},
		{"equality-biased_3-rarer-outlier-9-10", "1/10", "1/200"},
		{"equality-biased_4-rarer-outlier-1-2", "1/10", "1/100"},
		{"equality-biased_5-rarer-outlier-1-5", "1/10", "1/200"},
		{"equality-biased_6-half-1-30", "1/500", "1/2000"},
	} {
		for of, text := range map[string]string{"weights": "weights within " + row.some + ", delta within " + row.some, "all": "all within " + row.all} {
			t.Run(row.name+"/"+of, func(t *testing.T) {
				certificate, err := proof.Limit(1).ProveBox(boxOf(t, known(t, row.name), text, strings.HasPrefix(row.name, "equality-centred")))
				if err != nil {
					t.Fatal(err)
				}
				theorem, err := proof.Check(certificate)
				if err != nil || theorem.Verdict != oracle.Refuted {
					t.Fatal(theorem.Verdict, err)
				}
				const points = 200
				provedPointByPoint(t, certificate, theorem, points, rand.New(rand.NewPCG(25, 4)))
			})
		}
	}
}
