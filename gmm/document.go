package gmm

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"

	"gonum.org/v1/gonum/mat"
)

// Kind is what a mixture file describes. The zero value is SharedCovariance.
type Kind int

const (
	// SharedCovariance is one mixture whose components share a covariance.
	SharedCovariance Kind = iota
	// OwnCovariances is one mixture whose file gives each component a covariance
	// of its own, even if all of them are equal.
	OwnCovariances
	// TwoModalities is a paired mixture, of visual and text points.
	TwoModalities
)

// String names the kind in the words of error messages.
func (k Kind) String() string {
	switch k {
	case SharedCovariance:
		return "a single mixture with one covariance shared by all components"
	case OwnCovariances:
		return "a mixture with one covariance for each component"
	case TwoModalities:
		return "a paired mixture of two modalities"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// Document is the content of a mixture file of any kind.
type Document struct {
	Kind Kind
	// Exactly one of the three is set, as Kind says.
	Pairs   Pairs
	General GeneralPairs
	Paired  Paired
	// A is the d×r representation of a single mixture; nil if the file has none.
	A *mat.Dense
	// ExactA is A in the file's own numbers, d×r; nil if the file has none, and
	// where components have their own covariances.
	ExactA [][]*big.Rat
	// AVisual, d_V×r, and AText, d_T×r, are the representations of a paired
	// mixture; both nil if the file has none.
	AVisual, AText *mat.Dense
	// Certificate is the JSON value of the key of that name, which is not looked into; nil
	// if the file has none. Only files of one shared covariance keep theirs.
	Certificate json.RawMessage
}

// Name returns the mixture's name, which may be empty.
func (d Document) Name() string {
	switch d.Kind {
	case OwnCovariances:
		return d.General.Name()
	case TwoModalities:
		return d.Paired.Name()
	}
	return d.Pairs.Name()
}

// Read reads a mixture file of any kind. A single mixture is as in ReadJSON,
// but its covariance may be a list of K matrices, one for each component, each
// d×d or the word "identity". A paired mixture is
//
//	{"weights": [3, 7], "visual": {"means": [[2], [-1]], "covariance": [[1]]},
//	 "text": {"means": [[1, 0], [0, "1/2"]], "covariance": "identity"},
//	 "name": "…", "a_visual": [["0.5"]], "a_text": [[1], ["0.25"]]}
//
// in which delta is no key: its pairs always share their component. What is
// wrong is an InputError that names the source and the key, with the reasons of
// ReadJSON.
//
// A file that would take more than a minute or 4 GB to hold is refused with ErrCost; the method of
// Limit allows more.
func Read(source string, r io.Reader) (Document, error) { return Limit(1).Read(source, r) }

// Read is the function Read with another limit.
func (l Limit) Read(source string, r io.Reader) (Document, error) {
	top, err := l.readObject(source, r)
	if err != nil {
		return Document{}, err
	}
	read := map[Kind]func() (Document, error){
		SharedCovariance: top.shared, OwnCovariances: top.general, TwoModalities: top.paired,
	}[top.kind()]
	d, err := read()
	if err != nil {
		return Document{}, in(source, err)
	}
	d.Kind = top.kind()
	return d, nil
}

func (l Limit) readObject(source string, r io.Reader) (*object, error) {
	data, err := l.read(source, r, Cost{Seconds: 3e-6, Bytes: 400})
	if err != nil {
		return nil, err
	}
	top, err := strictJSON(data)
	if err == nil {
		components, dimension, covariances := top.sizes()
		if err = l.storable(components, dimension, covariances); err == nil {
			err = l.Allows("", fmt.Sprintf("the rank of %d means in %d dimensions", components, dimension),
				ranking(components, dimension, top.longestMean()))
		}
		if err == nil {
			err = l.Allows("", fmt.Sprintf("the inner products of %d means", components), multiplying(components, dimension, covariances))
		}
	}
	return top, in(source, err)
}

// sizes returns how many components, dimensions and covariances the file's mixtures have, as far as
// lists of these lengths are what they should be; of two modalities, the dimensions of the larger.
func (o *object) sizes() (components, dimension, covariances int) {
	weights, _ := o.values["weights"].([]any)
	components, covariances = len(weights), 1
	dimension = o.width()
	for _, modality := range []string{"visual", "text"} {
		if part, ok := o.values[modality].(*object); ok {
			dimension, covariances = max(dimension, part.width()), 2
		}
	}
	if own(o.values["covariance"]) {
		list, _ := o.values["covariance"].([]any)
		covariances = len(list) + 1 // and their mean
	}
	return components, dimension, covariances
}

// longestMean is about how many bits the longest number of the means has.
func (o *object) longestMean() float64 {
	longest := 0
	if means, _ := o.values["means"].([]any); means != nil {
		for _, mean := range means {
			row, _ := mean.([]any)
			for _, entry := range row {
				switch x := entry.(type) {
				case string:
					longest = max(longest, len(x))
				case json.Number:
					longest = max(longest, len(x))
				}
			}
		}
	}
	const perDigit = 3.33
	bits := perDigit * float64(min(longest, longestNumber))
	for _, modality := range []string{"visual", "text"} {
		if part, ok := o.values[modality].(*object); ok {
			bits = max(bits, part.longestMean())
		}
	}
	return bits
}

// width is the length of the first row of the means.
func (o *object) width() int {
	if means, _ := o.values["means"].([]any); len(means) > 0 {
		first, _ := means[0].([]any)
		return len(first)
	}
	return 0
}

// kind tells what a file is meant to describe, whether or not it is sound: a
// paired mixture if it names a modality, own covariances if an entry of its
// covariance is a matrix, that is a list of lists, or the word for one.
func (o *object) kind() Kind {
	for _, modality := range []string{"visual", "text"} {
		if _, ok := o.values[modality]; ok {
			return TwoModalities
		}
	}
	if own(o.values["covariance"]) {
		return OwnCovariances
	}
	return SharedCovariance
}

func own(covariance any) bool {
	list, _ := covariance.([]any)
	for _, entry := range list {
		if entry == identityWord {
			return true
		}
		rows, _ := entry.([]any)
		for _, row := range rows {
			if _, isList := row.([]any); isList {
				return true
			}
		}
	}
	return false
}

// refusal is the error of a reader for which the kind is another model.
func (k Kind) refusal() error {
	switch k {
	case OwnCovariances:
		return &InputError{Key: "covariance", Expected: "one covariance shared by all components",
			Found: "one for each component", Reason: ErrOtherModel}
	case TwoModalities:
		return &InputError{Key: "visual", Expected: "a single mixture", Found: "a paired file", Reason: ErrOtherModel}
	}
	return &InputError{Expected: "another model", Found: k.String(), Reason: ErrOtherModel}
}
