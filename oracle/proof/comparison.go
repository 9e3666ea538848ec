package proof

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof/network"
)

// ByComparison is by two values of the loss: one network that reads noise has a lower one than all that see S_F alone can have.
const ByComparison Method = "comparison"

// Comparison is what a certificate about networks without biases needs besides the mixture: that containment, f(x) = f(Px) with P onto S_F, fails of the best.
type Comparison struct {
	network.Refutation
	// Outside and Inside are the bounds in decimals, which Check must find, to the last digit.
	Outside, Inside string
}

// writtenComparison is the JSON object of a certificate that has one.
type writtenComparison struct {
	Claim      string           `json:"claim,omitempty"`
	Property   string           `json:"property"` // containment
	Statement  string           `json:"statement"`
	Verdict    string           `json:"verdict"`
	Map        string           `json:"map"`
	Activation string           `json:"activation"`
	Biases     bool             `json:"biases"`
	Net        writtenNet       `json:"net"`
	Majorant   *writtenMajorant `json:"majorant,omitempty"`
	Tilts      *writtenTilts    `json:"tilts,omitempty"`
	Outside    string           `json:"loss_at_most"`
	Inside     string           `json:"inside_at_least"`
	Digest     string           `json:"sha256"`
}

type writtenNet struct {
	// Of ReLU: a, b, c, e of a x₁₊ + b x₁₋ + c x₂₊ + e x₂₋.
	Right string `json:"right,omitempty"`
	Left  string `json:"left,omitempty"`
	Up    string `json:"up,omitempty"`
	Down  string `json:"down,omitempty"`
	// Of sign: c, s and ρ of √s [sign(x₁ + c x₂) + ρ sign(c x₁ − x₂)].
	Noise  string `json:"noise,omitempty"`
	Scale  string `json:"scale,omitempty"`
	Second string `json:"second,omitempty"`
}

type writtenMajorant struct {
	Step   string `json:"step"`
	Along  int    `json:"along"`
	Across int    `json:"across"`
}

type writtenTilts struct {
	Step     string       `json:"step"`
	Cells    int          `json:"cells"`
	Matrices [][][]string `json:"matrices"`
}

// networks is the map of such certificates.
const networks = "network"

// comparing tells that a certificate's object is one about networks.
func comparing(object json.RawMessage) bool {
	var kind struct {
		Map string `json:"map"`
	}
	return json.Unmarshal(object, &kind) == nil && kind.Map == networks
}

// compared is the object of a certificate about networks.
func (c Certificate) compared() writtenComparison {
	r := c.Comparison
	body := writtenComparison{Claim: c.Claim, Property: containment, Statement: c.statement(), Verdict: c.Verdict.String(), Map: networks, Activation: string(r.Activation),
		Outside: r.Outside, Inside: r.Inside}
	if s := r.Sign; s != nil {
		body.Net = writtenNet{Noise: s.Noise.RatString(), Scale: s.Scale.RatString(), Second: s.Second.RatString()}
	}
	if f, m, t := r.ReLU, r.Majorant, r.Tilts; f != nil && m != nil && t != nil {
		body.Net = writtenNet{Right: f.Right.RatString(), Left: f.Left.RatString(), Up: f.Up.RatString(), Down: f.Down.RatString()}
		body.Majorant = &writtenMajorant{m.Step.RatString(), m.Along, m.Across}
		body.Tilts = &writtenTilts{Step: t.Step.RatString(), Cells: t.Cells}
		for _, m := range t.Matrices {
			body.Tilts.Matrices = append(body.Tilts.Matrices, formatMatrix([][]*big.Rat{m[0][:], m[1][:]}))
		}
	}
	return body
}

// certificate is that of an object about networks; the error says what is wrong with its numbers.
func (b writtenComparison) certificate(p gmm.Pairs) (Certificate, error) {
	c := Certificate{Pairs: p, Claim: b.Claim, Verdict: oracle.Refuted,
		Comparison: &Comparison{Refutation: network.Refutation{Activation: network.Activation(b.Activation)}, Outside: b.Outside, Inside: b.Inside}}
	if b.Property != containment || b.Verdict != oracle.Refuted.String() || b.Biases {
		return Certificate{}, fmt.Errorf("the property %q, the verdict %q and biases %t", b.Property, b.Verdict, b.Biases)
	}
	r := &c.Comparison.Refutation
	var err error
	read := func(text string) *big.Rat {
		x, failure := gmm.ParseNumber(text)
		err = errors.Join(err, failure)
		return x
	}
	switch {
	case r.Activation == network.Sign:
		r.Sign = &network.SignNet{Noise: read(b.Net.Noise), Scale: read(b.Net.Scale), Second: read(b.Net.Second)}
	case b.Majorant == nil || b.Tilts == nil:
		return Certificate{}, errors.New("no majorant and tilts")
	default:
		r.ReLU = &network.ReLUNet{Right: read(b.Net.Right), Left: read(b.Net.Left), Up: read(b.Net.Up), Down: read(b.Net.Down)}
		r.Majorant = &network.Majorant{Step: read(b.Majorant.Step), Along: b.Majorant.Along, Across: b.Majorant.Across}
		r.Tilts = &network.Tilts{Step: read(b.Tilts.Step), Cells: b.Tilts.Cells}
		for _, rows := range b.Tilts.Matrices {
			if len(rows) != 2 || len(rows[0]) != 2 || len(rows[1]) != 2 {
				return Certificate{}, errors.New("a matrix that is not 2×2")
			}
			r.Tilts.Matrices = append(r.Tilts.Matrices, [2][2]*big.Rat{{read(rows[0][0]), read(rows[0][1])}, {read(rows[1][0]), read(rows[1][1])}})
		}
	}
	return c, err
}

// decodeComparison reads the object of a certificate about networks, with its digest.
func decodeComparison(decoder *json.Decoder, p gmm.Pairs) (c Certificate, digest string, err error) {
	var body writtenComparison
	if err = decoder.Decode(&body); err != nil {
		return c, "", err
	}
	c, err = body.certificate(p)
	return c, body.Digest, err
}

// ProveNetwork returns a certificate that the best network without biases of an activation depends on more than S_F, shown by one of at most width neurons, of any number where
// that is 0. The errors are ErrNotProved, with gmm.ErrCost where a larger limit mends it; line.ErrShape where the pairs
// are none that there are such proofs about, and network.ErrActivation.
func (l Limit) ProveNetwork(p gmm.Pairs, a network.Activation, width int) (Certificate, error) {
	on, err := l.line(p)
	if err != nil {
		return Certificate{}, err
	}
	found, bounds, err := network.Prove(on, a, width, float64(l))
	if err != nil {
		return Certificate{}, unfound(err, network.ErrUndecided)
	}
	outside, inside := bounds.Written()
	return Certificate{Pairs: p, Verdict: oracle.Refuted, Comparison: &Comparison{found, outside, inside}}, nil
}

// checkComparison proves the bounds anew and refuses a certificate that states others.
func (l Limit) checkComparison(c Certificate) (Theorem, error) {
	bounds, theorem, err := checkTwoValues[network.Bounds](l, c, c.Comparison.Refutation, c.Comparison.Outside, c.Comparison.Inside)
	if err != nil {
		return Theorem{}, err
	}
	theorem.Comparison = &bounds
	return theorem, nil
}

// comparison is what is said of networks, in words.
func (c Certificate) comparison() string {
	r := c.Comparison
	towers := "one tower or two, "
	if r.Towers() == 1 {
		towers = "one tower, "
	}
	return fmt.Sprintf("%s networks without biases read more of this mixture than S_F at δ = %s: f(x) = %s has a lower InfoNCE loss than every one that sees x through S_F alone, "+
		"%sof any width, depth and number of outputs", r.Activation, c.Pairs.ExactDelta().RatString(), r.Net(), towers)
}
