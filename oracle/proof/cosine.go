package proof

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof/cosine"
)

// Cosine is what a certificate about representations of length 1 needs besides the mixture: that containment, Col(A*) ⊆ S_F, fails of the InfoNCE loss of cosines.
type Cosine struct {
	cosine.Refutation
	// Outside and Inside are the bounds in decimals, which Check must find, to the last digit.
	Outside, Inside string
}

// writtenCosine is the JSON object of a certificate that has one.
type writtenCosine struct {
	Claim       string `json:"claim,omitempty"`
	Property    string `json:"property"` // containment
	Statement   string `json:"statement"`
	Verdict     string `json:"verdict"`
	Score       string `json:"score"`
	Temperature string `json:"temperature"`
	Noise       string `json:"noise"`
	Nodes       int    `json:"nodes,omitempty"`
	Strip       string `json:"strip,omitempty"`
	Squeeze     string `json:"squeeze,omitempty"`
	Outside     string `json:"loss_at_most"`
	Inside      string `json:"inside_at_least"`
	Digest      string `json:"sha256"`
}

// Cosines is the score of such certificates.
const Cosines = "cosine"

// ofCosines tells that a certificate's object is one about cosines.
func ofCosines(object json.RawMessage) bool {
	var kind struct {
		Score string `json:"score"`
	}
	return json.Unmarshal(object, &kind) == nil && kind.Score == Cosines
}

// writtenCosine is the object of a certificate about cosines.
func (c Certificate) writtenCosine() writtenCosine {
	r := c.Cosine
	body := writtenCosine{Claim: c.Claim, Property: containment, Statement: c.statement(), Verdict: c.Verdict.String(), Score: Cosines,
		Temperature: r.Temperature.RatString(), Noise: r.Noise.RatString(), Nodes: r.Nodes, Outside: r.Outside, Inside: r.Inside}
	if r.Strip != nil {
		body.Strip = r.Strip.RatString()
	}
	if r.Squeeze != nil {
		body.Squeeze = r.Squeeze.RatString()
	}
	return body
}

// decodeCosine reads the object of a certificate about cosines, with its digest.
func decodeCosine(decoder *json.Decoder, p gmm.Pairs) (c Certificate, digest string, err error) {
	var body writtenCosine
	if err = decoder.Decode(&body); err != nil {
		return c, "", err
	}
	if body.Property != containment || body.Verdict != oracle.Refuted.String() {
		return c, "", fmt.Errorf("the property %q and the verdict %q", body.Property, body.Verdict)
	}
	read := func(text string) *big.Rat {
		x, failure := gmm.ParseNumber(text)
		err = errors.Join(err, failure)
		return x
	}
	r := cosine.Refutation{Temperature: read(body.Temperature), Noise: read(body.Noise), Nodes: body.Nodes}
	if body.Strip != "" {
		r.Strip = read(body.Strip)
	}
	if body.Squeeze != "" {
		r.Squeeze = read(body.Squeeze)
	}
	return Certificate{Pairs: p, Claim: body.Claim, Verdict: oracle.Refuted, Cosine: &Cosine{r, body.Outside, body.Inside}}, body.Digest, err
}

// ProveCosine returns a certificate that the best representation of length 1, f(x) = Aᵀx/‖Aᵀx‖, of the InfoNCE loss at a temperature leaves S_F, shown by diag(1, ε) in whitened coordinates: at the noise ε, or, if that is nil, near the best. The errors are
// ErrNotProved, with gmm.ErrCost where a larger limit mends it, line.ErrShape where the pairs are none that there are such proofs about, and cosine.ErrShape of numbers that are too large or too small.
func (l Limit) ProveCosine(p gmm.Pairs, temperature, noise *big.Rat) (Certificate, error) {
	on, err := l.line(p)
	if err != nil {
		return Certificate{}, err
	}
	found, bounds, err := cosine.Prove(on, temperature, noise, float64(l))
	if err != nil {
		return Certificate{}, unfound(err, cosine.ErrUndecided)
	}
	outside, inside := bounds.Written()
	return Certificate{Pairs: p, Verdict: oracle.Refuted, Cosine: &Cosine{found, outside, inside}}, nil
}

// checkCosine proves the bounds anew and refuses a certificate that states others.
func (l Limit) checkCosine(c Certificate) (Theorem, error) {
	bounds, theorem, err := checkTwoValues[cosine.Bounds](l, c, c.Cosine.Refutation, c.Cosine.Outside, c.Cosine.Inside)
	if err != nil {
		return Theorem{}, err
	}
	theorem.Cosine = &bounds
	return theorem, nil
}

// cosineStatement is what is said of cosines, in words.
func (c Certificate) cosineStatement() string {
	r := c.Cosine
	return fmt.Sprintf("Col(A*) ⊄ S_F for every minimiser A* of the InfoNCE loss of cosines of this mixture at τ = %s, δ = %s and every rank r ≥ 2: in whitened coordinates diag(1, %s) has a lower loss than every A with columns in S_F",
		r.Temperature.RatString(), c.Pairs.ExactDelta().RatString(), r.Noise.RatString())
}
