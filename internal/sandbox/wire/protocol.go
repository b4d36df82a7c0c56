package wire

import (
	"errors"
	"net/http"
)

// Request is an HTTP request whose body has been read.
type Request struct {
	*http.Request
	Content []byte
}

// Answer is a whole HTTP answer, held back until it is sent so that faults can
// cut, delay or drop it.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Protocol turns requests into inputs and outputs into answers. An
// implementation keeps no state: one value serves all services and goroutines.
type Protocol interface {
	// Decode fills in, which Operation.NewInput gave, from the request. An error is the client's mistake;
	// an *Error is answered as it is, any other as SerializationException.
	Decode(svc *Service, op *Operation, r *Request, in any) error
	// Encode makes the answer to a call that succeeded; out is what Operation.Invoke gave.
	Encode(svc *Service, op *Operation, call Call, out any) (*Answer, error)
	// Fail makes the answer to a call that failed. svc is nil where no service is known.
	Fail(svc *Service, call Call, e *Error) *Answer
}

// Raw is a service that reads and writes HTTP by itself, as S3 does. Its
// answers pass through the same journal and faults as everybody's.
type Raw interface {
	// Action names what a request asks for; the zero Action means that the service does not know.
	Action(r *http.Request) Action
	// ServeHTTP answers; the request's context carries the Call.
	http.Handler
	// Fail makes an error answer in the service's own shape.
	Fail(call Call, e *Error) *Answer
}

// Action is what a request to a [Raw] service asks for.
type Action struct {
	Name     string
	ReadOnly bool
	// Data actions (on objects, not on the bucket) leave no management event.
	Data      bool
	Resources []Resource
}

// Resource is a thing that a call names, as in a CloudTrail event.
type Resource struct {
	Type string // "AWS::S3::Bucket"
	Name string
}

// AsError gives the *Error in err's chain; anything else becomes an
// InternalFailure with status 500, as AWS answers its own mistakes.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: "InternalFailure", Message: err.Error(), Status: http.StatusInternalServerError}
}
