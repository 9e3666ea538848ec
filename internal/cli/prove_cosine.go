package cli

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle/proof"
	"contrastcheck/oracle/proof/cosine"
	"contrastcheck/theorems"
)

// noisy is the flag of proofs about cosines besides those that choose the loss.
type noisy struct {
	Noise string `placeholder:"E" help:"Of --score cosine: the ε of the matrix diag(1, ε), whitened, whose loss is compared with that inside S_F. Default: a simple number near the best."`
}

// ofCosines tells that cosines are compared.
func (c proveCommand) ofCosines() bool { return strings.EqualFold(c.Score, proof.Cosines) }

// cosines are the numbers of a proof about cosines; the error says which flags do not go together with those.
func (c proveCommand) cosines() (temperature, noise *big.Rat, err error) {
	switch {
	case !c.ofCosines() && (c.Temperature != "" || c.Noise != ""):
		return nil, nil, errors.New("--temperature and --noise go with --score cosine")
	case !c.ofCosines():
		return nil, nil, nil
	case !strings.EqualFold(c.Map, losses.Linear):
		return nil, nil, fmt.Errorf("--score cosine goes with --map linear; found %s", c.Map)
	case c.Margin != "":
		return nil, nil, fmt.Errorf("--margin: expected none, as no loss with proofs has one; found %s", c.Margin)
	}
	if err := c.networked.misplaced(); err != nil {
		return nil, nil, err
	}
	words := proof.Words{Loss: c.Loss, Negatives: c.Negatives, Bias: c.Bias}
	if loss, err := proof.Named(words); err != nil || loss.Words() != proof.InfoNCE.Words() {
		return nil, nil, fmt.Errorf("--score cosine goes with --loss infonce and infinitely many negatives, of which there are proofs; found %s", words)
	}
	if temperature, err = within("--temperature", c.Temperature, "1", cosine.Coldest); err == nil && c.Noise != "" {
		noise, err = within("--noise", c.Noise, "", cosine.Largest)
	}
	return temperature, noise, err
}

// positive reads a number > 0.
func positive(flag, text, standard string) (*big.Rat, error) {
	if text == "" {
		text = standard
	}
	x, err := gmm.ParseNumber(text)
	if err != nil || x.Sign() <= 0 {
		return nil, fmt.Errorf("%s: expected a number > 0%s, found %s", flag, gmm.Sized(err), text)
	}
	return x, nil
}

// within reads a number from 1/inverse to cosine.Largest.
func within(flag, text, standard string, inverse int64) (*big.Rat, error) {
	x, err := positive(flag, text, standard)
	if err == nil && (x.Cmp(big.NewRat(1, inverse)) < 0 || x.Cmp(big.NewRat(cosine.Largest, 1)) > 0) {
		return nil, fmt.Errorf("%s: expected a number from 1/%d to %d, of which there are proofs, found %s", flag, inverse, cosine.Largest, text)
	}
	return x, err
}

// proveCosine proves that containment fails of cosines.
func (c proveCommand) proveCosine(temperature, noise *big.Rat) func(gmm.Pairs) (proof.Certificate, error) {
	return func(p gmm.Pairs) (proof.Certificate, error) {
		return theorems.ProveCosine(p, temperature, noise, c.proving())
	}
}

// compared are the rows of a report of two values of a loss.
func (r proofReport) compared() (reads, sees string) {
	if r.CosineProof != nil {
		return fmt.Sprintf("diag(1, %s), whitened", r.Noise), "Columns in S_F"
	}
	return "Reads noise", "Sees S_F alone"
}
