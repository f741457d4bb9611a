exports.create = (baseUrl) => async (externalId) => {
  const response = await fetch(`${baseUrl}/users/auth-code`, {
    method: 'POST',
    headers: {
      Authorization: 'Bearer test-user-link-key',
      'Content-Type': 'application/json',
      Accept: 'application/json',
    },
    body: JSON.stringify({ external_id: externalId }),
  });
  const answer = await response.json();
  return answer.authentication_code;
};
