package s3

import (
	"context"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/vigil-audit/terraform-provider-vigil/internal/sandbox/wire"
)

const (
	allUsers      = "http://acs.amazonaws.com/groups/global/AllUsers"
	authenticated = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
	logDelivery   = "http://acs.amazonaws.com/groups/s3/LogDelivery"
)

// ownerOnly is the ACL "private".
func ownerOnly(id string) *types.AccessControlPolicy {
	return &types.AccessControlPolicy{
		Owner:  &types.Owner{ID: aws.String(id)},
		Grants: []types.Grant{grantTo(types.Grantee{Type: types.TypeCanonicalUser, ID: aws.String(id)}, types.PermissionFullControl)},
	}
}

func grantTo(grantee types.Grantee, permission types.Permission) types.Grant {
	return types.Grant{Grantee: &grantee, Permission: permission}
}

func onlyOwner(acl *types.AccessControlPolicy, id string) bool {
	for _, grant := range acl.Grants {
		if grant.Grantee == nil || aws.ToString(grant.Grantee.ID) != id {
			return false
		}
	}
	return true
}

// prepareACL takes the ACL from the body, from x-amz-acl or from x-amz-grant-*:
// exactly one of the three.
func prepareACL(_ *S3, _ context.Context, b *bucket, header http.Header, document any) error {
	acl := document.(*types.AccessControlPolicy)
	inBody := acl.Owner != nil || acl.Grants != nil
	canned := header.Get("X-Amz-Acl")
	granted, err := grantsIn(header)
	if err != nil {
		return err
	}
	switch {
	case canned != "" && len(granted) > 0:
		return wire.Errorf("InvalidRequest", "Specifying both Canned ACLs and Header Grants is not allowed")
	case inBody && (canned != "" || len(granted) > 0):
		return wire.Errorf("UnexpectedContent", "This request does not support content")
	case canned != "":
		if *acl, err = cannedACL(b.canonicalID(), canned); err != nil {
			return err
		}
	case len(granted) > 0:
		*acl = types.AccessControlPolicy{Owner: &types.Owner{ID: aws.String(b.canonicalID())}, Grants: granted}
	case !inBody:
		return failure(http.StatusBadRequest, "MissingSecurityHeader", "Your request was missing a required header")
	}
	return checkACL(*b, acl)
}

func checkACL(b bucket, acl *types.AccessControlPolicy) error {
	if b.aclsOff() && !onlyOwner(acl, b.canonicalID()) {
		return wire.Errorf("AccessControlListNotSupported", "The bucket does not allow ACLs")
	}
	if acl.Owner == nil || aws.ToString(acl.Owner.ID) != b.canonicalID() {
		return accessDenied()
	}
	for _, grant := range acl.Grants {
		if grant.Grantee == nil || grant.Permission == "" {
			return malformedXML()
		}
		uri := aws.ToString(grant.Grantee.URI)
		if (uri == allUsers || uri == authenticated) && b.blocks(blockPublicACLs) {
			return accessDenied()
		}
	}
	return nil
}

func cannedACL(id, name string) (types.AccessControlPolicy, error) {
	acl := *ownerOnly(id)
	group := func(uri string, permissions ...types.Permission) {
		for _, permission := range permissions {
			acl.Grants = append(acl.Grants, grantTo(types.Grantee{Type: types.TypeGroup, URI: aws.String(uri)}, permission))
		}
	}
	switch name {
	case "private", "bucket-owner-read", "bucket-owner-full-control":
	case "public-read":
		group(allUsers, types.PermissionRead)
	case "public-read-write":
		group(allUsers, types.PermissionRead, types.PermissionWrite)
	case "authenticated-read":
		group(authenticated, types.PermissionRead)
	case "log-delivery-write":
		group(logDelivery, types.PermissionWrite, types.PermissionReadAcp)
	default:
		return acl, wire.Errorf("InvalidArgument", "Argument x-amz-acl has the unknown value %s", name)
	}
	return acl, nil
}

// grantsIn reads headers such as x-amz-grant-read: id="...", uri="...".
func grantsIn(header http.Header) ([]types.Grant, error) {
	var grants []types.Grant
	for _, kind := range []struct {
		header     string
		permission types.Permission
	}{
		{"X-Amz-Grant-Full-Control", types.PermissionFullControl},
		{"X-Amz-Grant-Read", types.PermissionRead},
		{"X-Amz-Grant-Read-Acp", types.PermissionReadAcp},
		{"X-Amz-Grant-Write", types.PermissionWrite},
		{"X-Amz-Grant-Write-Acp", types.PermissionWriteAcp},
	} {
		value := header.Get(kind.header)
		if value == "" {
			continue
		}
		for _, one := range strings.Split(value, ",") {
			grantee, err := granteeOf(one)
			if err != nil {
				return nil, err
			}
			grants = append(grants, grantTo(grantee, kind.permission))
		}
	}
	return grants, nil
}

func granteeOf(text string) (types.Grantee, error) {
	kind, value, _ := strings.Cut(strings.TrimSpace(text), "=")
	value = strings.Trim(value, `"`)
	switch kind {
	case "id":
		return types.Grantee{Type: types.TypeCanonicalUser, ID: &value}, nil
	case "uri":
		return types.Grantee{Type: types.TypeGroup, URI: &value}, nil
	}
	return types.Grantee{}, wire.Errorf("InvalidArgument", "Argument format not recognized")
}
