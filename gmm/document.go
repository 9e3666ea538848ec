package gmm

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"

	"gonum.org/v1/gonum/mat"
)

// Document is the content of a mixture file.
type Document struct {
	Pairs Pairs
	// A is the d_L×r representation; nil if the file has none. ExactA is A in the file's own
	// numbers. ARight, d_R×r, is that of the right one of two modalities; nil in one.
	A, ARight *mat.Dense
	ExactA    [][]*big.Rat
	// B is the bias of the affine representation x ↦ Aᵀx + b, r numbers; nil if the file has none.
	B []float64
	// Net is an encoder with a hidden layer, NetRight the right one's of two towers, of one modality or of two; nil if the file has none. Write leaves them out.
	Net, NetRight *Net
	// Certificate is the JSON value of the key of that name, which is not looked into; nil
	// if the file has none. Files of two modalities keep none.
	Certificate json.RawMessage
}

// Read reads a mixture file:
//
//	{"weights": [3, 7], "means": [[2, 1], [-1, "1/2"]], "covariance": "identity", "delta": 1, "name": "…", "a": [["0.5"], [0.25]]}
//
// Numbers are JSON numbers or strings, decimals or fractions, and are kept
// exactly; delta defaults to 1, name and a to none; beside a there may be "b", the bias of Aᵀx + b, a number a column. Any file may have
// "net": {"w": h×d, "b": [h], "v": h×r, "c": [r]}, b and c 0 where they are absent, or two of them, "net_visual" and "net_text". The covariance may be a list of
// K matrices, one for each component, each d×d or the word "identity". A file of two
// modalities, of which "visual" is the left one, is
//
//	{"weights": [3, 7], "visual": {"means": [[2], [-1]], "covariance": [[1]]},
//	 "text": {"means": [[1, 0], [0, "1/2"]], "covariance": "identity"},
//	 "name": "…", "a_visual": [["0.5"]], "a_text": [[1], ["0.25"]]}
//
// in which delta is no key, as its pairs always share their component, and each
// covariance is shared. What is wrong is an InputError that names the source and the
// key: ErrSyntax, ErrNumber, ErrShape, ErrWeight, ErrDelta, ErrNotSymmetric,
// ErrNotPositiveDefinite, ErrIllConditioned or ErrOtherModel.
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
	read := top.single
	if top.paired() {
		read = top.pair
	}
	d, err := read()
	if err != nil {
		return Document{}, InSource(source, err)
	}
	return d, nil
}

func (l Limit) readObject(source string, r io.Reader) (*object, error) {
	data, err := l.ReadText(source, r, Cost{Seconds: 3e-6, Bytes: 400})
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
	return top, InSource(source, err)
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

// paired tells whether a file names a modality, whether or not it is sound.
func (o *object) paired() bool { return o.values["visual"] != nil || o.values["text"] != nil }

// own tells whether an entry of a covariance is meant to be a matrix, that is a list
// of lists, or the word for one.
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
