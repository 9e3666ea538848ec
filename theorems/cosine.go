package theorems

import (
	"fmt"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/cosine"
	"contrastcheck/oracle/line"
	"contrastcheck/oracle/proof"
	"contrastcheck/theorems/proofs"

	"pgregory.net/rapid"
)

// ProveCosine proves that containment fails of the InfoNCE loss of cosines at a temperature, by diag(1, ε) in whitened coordinates: at that noise ε or, where it is nil, near the best. The certificate names the claim that it refutes. Errors are those of
// proof.Limit.ProveCosine.
func ProveCosine(p gmm.Pairs, temperature, noise *big.Rat, limit proof.Limit) (proof.Certificate, error) {
	certificate, err := limit.ProveCosine(p, temperature, noise)
	if err == nil {
		certificate.Claim = proofs.CosineContainment
	}
	return certificate, err
}

// heat is τ, exact and rounded.
func (c Case) heat() (*big.Rat, float64) {
	temperature := c.Temperature
	if temperature == nil {
		temperature = big.NewRat(1, 1)
	}
	rounded, _ := temperature.Float64()
	return temperature, rounded
}

// warm draws mixtures whose means are multiples of one vector, in at least two dimensions, and a temperature.
func warm() *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		c := Case{Pairs: pairsOf(roomy(generators.Collinear()), generators.Informative()).Draw(t, "pairs"), Seed: seed(t)}
		c.Temperature = big.NewRat(rapid.Int64Range(1, 32).Draw(t, "sixteenths of τ"), 16)
		return c
	})
}

// mild draws centred mixtures of two or three components beside noise whose means span s dimensions, 1 or 2, within an order of 1, and a temperature of at least ¼.
func mild(s int) *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		raw := pairsOf(generators.BesideNoise(s), generators.Informative()).Draw(t, "raw")
		centred, err := raw.Centre()
		if err != nil {
			panic("theorems: " + err.Error())
		}
		return Case{Pairs: centred, Temperature: big.NewRat(rapid.Int64Range(4, 32).Draw(t, "sixteenths of τ"), 16), Seed: seed(t)}
	})
}

// checkCosine compares two values of a loss of cosines, inside S_F and at the best diag(1, ε) that is found; of InfoNCE, where S_F is a plane, as checkPlane does.
func checkCosine(l cosine.Loss) func(Case) Outcome {
	return func(c Case) Outcome {
		if l == cosine.InfoNCE && c.Pairs.Modalities() == 1 && c.Pairs.Left.FisherDimension() == 2 {
			return checkPlane(c)
		}
		m, err := line.Of(c.Pairs)
		if err != nil {
			return undecided(err)
		}
		_, temperature := c.heat()
		noise, err := cosine.Best(m, l, temperature)
		if err != nil {
			return undecided(err)
		}
		found, err := cosine.JudgeNoise(m, l, temperature, noise)
		if err != nil {
			return undecided(err)
		}
		return Outcome{Verdict: found.Verdict, Grade: oracle.Bounded, Value: found.Gain(),
			Detail: fmt.Sprintf("τ = %.6g: diag(1, %.3g), whitened, has a loss of %.6g, all inside S_F %.6g, to ±%.1g", temperature, noise, found.Outside.Value, found.Inside.Value, found.Outside.Error+found.Inside.Error)}
	}
}
